-- part: the cases of uptake_above_1: units whose users of a service are more than the households that can be guided, on @day
select u.province, 'adoptions' as table_name, u.level || '/' || u.code || '/' || lower(u.valid) || '/' || u.service_code as identity, u.unit_id,
  null::float8 as longitude, null::float8 as latitude, array[u.full_name, u.name_vi, u.name_en, u.households::text, u.reachable::text]::text[] as facts
from uptake_share u
where u.households > u.reachable
