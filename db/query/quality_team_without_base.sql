-- part: the cases of team_without_base: teams active on @day with neither a position nor a polygon of their unit
select t.province, 'teams' as table_name, t.code as identity, t.unit_id,
  null::float8 as longitude, null::float8 as latitude, array[t.name, t.kind]::text[] as facts
from scope_team t
where t.homeless
