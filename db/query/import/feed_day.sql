-- The month ends whose coverage is told (days since 1970-01-01), and of what.
select day - date '1970-01-01' as day, digest from change_day where province = @province
