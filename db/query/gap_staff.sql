-- Answers, of the cnscd teams that serve each hamlet itself on @day, on the boundaries of @boundary, the one with the fewest members.
-- needs: decisions
with wanted as materialized (
  select a.asked, a.province, a.id as unit_id, 'hamlet' as level, @day::date as day, @boundary::date as boundary
  from unnest(@provinces::text[], @ids::bigint[]) with ordinality as a (province, id, asked)
),
-- include: team_unit
select distinct on (w.asked) w.asked,
-- include: team_column
from wanted w
join team_unit s on s.province = w.province and s.unit_id = w.unit_id and s.kind = 'cnscd'
join team t on t.province = s.province and t.code = s.team_code
cross join lateral (
  select count(*) as members from member m where m.province = t.province and m.team_code = t.code and m.joined @> w.day
) m
where t.province = any(@provinces)
order by w.asked, m.members, t.code
