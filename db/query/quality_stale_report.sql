-- part: the cases of stale_report: the latest published figures about a unit, not after @day minus @stale_after_months months
select r.province, 'reports' as table_name, r.level || '/' || r.unit_code || '/' || r.measure || '/' || r.as_of || '/' || r.source as identity, r.unit_id,
  null::float8 as longitude, null::float8 as latitude, array[r.measure, r.full_name, r.as_of::text]::text[] as facts
from latest_report r
where r.as_of <= (@day - make_interval(months => @stale_after_months::int))::date
