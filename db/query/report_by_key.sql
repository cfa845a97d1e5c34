-- Answers the reports of the identities asked for.
-- needs: published
select
-- include: report_column
from (
  select r.*, u.id as unit_id
  from unnest(@provinces::text[], @levels::text[], @codes::text[], @measures::text[], @days::date[], @sources::text[]) as a (province, level, code, measure, day, source)
  join report r on r.province = a.province and r.level = a.level and r.unit_code = a.code and r.measure = a.measure and r.as_of = a.day and r.source = a.source
  join unit u on u.province = r.province and u.level = r.level and u.code = r.unit_code and u.valid @> r.as_of
  where r.province = any(@provinces::text[]) and u.province = any(@provinces::text[])
) r
