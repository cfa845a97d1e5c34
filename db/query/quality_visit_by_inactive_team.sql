-- part: the cases of visit_by_inactive_team: visits until @day by a team that was not active then
select v.province, 'visits' as table_name, v.code as identity, p.unit_id,
  null::float8 as longitude, null::float8 as latitude, array[v.team_code, v.visited_on::text, lower(t.active)::text, upper(t.active)::text]::text[] as facts
from scope_place p
join household h on h.province = p.province and h.place_id = p.place_id
join visit v on v.province = h.province and v.household_code = h.code and v.visited_on <= @day
join team t on t.province = v.province and t.code = v.team_code
where not t.active @> v.visited_on
