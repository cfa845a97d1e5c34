-- The month ends whose coverage is told (days since 1970-01-01).
select day - date '1970-01-01' as day from change_day where province = @province
