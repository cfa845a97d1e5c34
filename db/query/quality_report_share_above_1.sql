-- part: the cases of report_share_above_1: published shares above 1, as of @day or before
select r.province, 'reports' as table_name, r.level || '/' || r.unit_code || '/' || r.measure || '/' || r.as_of || '/' || r.source as identity, r.unit_id,
  null::float8 as longitude, null::float8 as latitude, array[r.measure, r.full_name, r.as_of::text, r.share::text]::text[] as facts
from scope_report r
where r.share > 1
