-- Answers the coverage of each unit on its day, on the boundaries of its boundary, in households; shares are 0 to 1.
-- needs: aggregates
with wanted as materialized (
  select a.asked, a.province, u.id as unit_id, u.level, u.code, u.valid, a.day, a.boundary
  from unnest(@provinces::text[], @ids::bigint[], @days::date[], @boundaries::date[]) with ordinality as a (province, id, day, boundary, asked)
  left join unit u on u.province = a.province and u.id = a.id -- left: the planner expects a row for each asked, not one in all
),
-- include: spread_of_unit
,
asked_place as materialized (
  select s.asked, s.province, s.place_id, s.day, p.addresses
  from spread s
  join place p on p.province = s.province and p.id = s.place_id
),
-- include: figure_of_place
,
-- include: figure_of_unit
,
-- include: last_visit_of_unit
select f.asked, f.basis, f.guided, f.attempted, f.not_visited, f.ineligible, f.unknown, f.share, f.share_low, f.share_high, f.gap_households,
  f.addresses, f.teams, f.members, f.households_per_member, v.visited_on as last_visit_on, f.apportioned, f.note, w.level, w.valid @> w.boundary as stands
from wanted w
join figure f on f.asked = w.asked
left join last_visit v on v.asked = w.asked
where w.unit_id is not null
