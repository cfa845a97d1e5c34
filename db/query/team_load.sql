-- Answers, for each team active on its day, the households guided, attempted or not visited in the units it serves, each once, how many are on the register there at all, and its members.
-- needs: aggregates
with served as (
  select distinct a.asked, i.province, i.unit_id, a.day
  from unnest(@provinces::text[], @codes::text[], @days::date[]) with ordinality as a (province, code, day, asked)
  join team_period i on i.province = a.province and i.team_code = a.code and i.period @> a.day
  where i.province = any(@provinces::text[])
),
wanted as materialized (
  select s.asked, s.province, s.unit_id, u.level, s.day, s.day as boundary
  from served s
  left join unit u on u.province = s.province and u.id = s.unit_id
),
-- include: spread_of_unit
,
asked_place as (
  select distinct s.asked, s.province, s.place_id, s.day, 0 as addresses from spread s
),
-- include: figure_of_place
,
load as (
  select asked, sum(guided + attempted + not_visited)::int as reachable, sum(guided + attempted + not_visited + ineligible)::int as households
  from place_figure
  group by asked
)
select a.asked, coalesce(l.reachable, 0) as reachable, coalesce(l.households, 0) as households,
  (select count(*)::int from member m where m.province = a.province and m.team_code = a.code and m.joined @> a.day) as members
from unnest(@provinces, @codes, @days) with ordinality as a (province, code, day, asked)
left join load l on l.asked = a.asked
where exists (select from served s where s.asked = a.asked)
