-- part: the cases of team_without_members: teams active on @day without a member then
select t.province, 'teams' as table_name, t.code as identity, t.unit_id,
  null::float8 as longitude, null::float8 as latitude, array[t.name, t.kind]::text[] as facts
from scope_team t
where not exists (select from member m where m.province = t.province and m.team_code = t.code and m.joined @> @day)
