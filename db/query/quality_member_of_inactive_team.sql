-- part: the cases of member_of_inactive_team: members on @day of a team that is not active then
select m.province, 'members' as table_name, m.code as identity, i.heir_id as unit_id,
  null::float8 as longitude, null::float8 as latitude, array[m.team_code, lower(t.active)::text, upper(t.active)::text]::text[] as facts
from member m
join team t on t.province = m.province and t.code = m.team_code
left join unit_heir i on i.province = t.province and i.unit_id = t.unit_id and i.period @> @day
where m.province = any(array(select s.province from dataset s where @province::text in ('', s.province))) and m.joined @> @day
  and (@within = 0 or (@within_level = 'province' and i.heir_id is null)
    or exists (select from scope_unit s where s.province = i.province and s.unit_id = i.heir_id))
  and not t.active @> @day
