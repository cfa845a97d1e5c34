-- Takes back what was published of days (since 1970-01-01).
with dropped as (
  delete from published_day where province = @province and day - date '1970-01-01' = any(@days::int[])
)
delete from published where province = @province and day - date '1970-01-01' = any(@days::int[])
