-- Answers how many teams of a kind are active in each unit on its day, by the teams' own level, and how many members they have.
-- needs: aggregates
with wanted as materialized (
  select a.asked, a.province, u.id as unit_id, u.level, a.day, a.boundary
  from unnest(@provinces::text[], @ids::bigint[], @days::date[], @boundaries::date[]) with ordinality as a (province, id, day, boundary, asked)
  left join unit u on u.province = a.province and u.id = a.id -- left: the planner expects a row for each asked, not one in all
),
-- include: team_unit
select w.asked, m.level, count(*)::int as teams, coalesce(sum(s.members), 0)::int as members
from team_unit t
join wanted w on w.province = t.province and w.unit_id = t.unit_id and w.day = t.day and w.boundary = t.boundary
join team m on m.province = t.province and m.code = t.team_code
cross join lateral (
  select count(*) as members from member p where p.province = t.province and p.team_code = t.team_code and p.joined @> t.day
) s
where t.kind = @kind::text
group by w.asked, m.level
order by w.asked, array_position(array['province', 'district', 'commune', 'hamlet'], m.level)
