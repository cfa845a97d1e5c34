-- The month ends that are published (days since 1970-01-01), and the digests of what they were made of.
select day - date '1970-01-01' as day, digest from published_day where province = @province
