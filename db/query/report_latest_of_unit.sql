-- Answers the latest reports about a unit, of each measure, that are as of a day or an earlier one; several where sources differ; by measure, then source.
-- needs: published
select
-- include: report_column
from (
  select r.*, u.id as unit_id, rank() over (partition by r.measure order by r.as_of desc) as age
  from unit u
  join report r on r.province = u.province and r.level = u.level and r.unit_code = u.code and u.valid @> r.as_of
  where u.province = @province and u.id = @id::bigint and r.province = @province and r.as_of <= @day::date
) r
where r.age = 1
order by r.measure, r.source collate "C"
