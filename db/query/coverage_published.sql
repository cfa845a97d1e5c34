-- Answers what is published of each unit on the last published day until its own (of a province that publishes none, its own), in households; shares are 0 to 1. No day: it is before the first.
-- needs: published
with wanted as materialized (
  select a.asked, a.province, u.id as unit_id, u.level, u.code, u.valid, d.day, d.day as boundary, s.first
  from unnest(@provinces::text[], @ids::bigint[], @days::date[]) with ordinality as a (province, id, day, asked)
  cross join lateral (select min(p.day) as first, max(p.day) filter (where p.day <= a.day) as last from published_day p where p.province = a.province) s
  cross join lateral (select case when s.first is null then a.day else s.last end as day) d
  left join unit u on u.province = a.province and u.id = a.id -- left: the planner expects a row for each asked, not one in all
),
place_figure as materialized (
  select w.asked, w.province, p.guided, p.attempted, p.not_visited, p.ineligible, p.addresses, p.addresses - p.unknown as occupied
  from wanted w
  join published p on p.province = w.province and p.day = w.day and p.unit_id = w.unit_id
),
-- include: figure_of_unit
,
-- include: figure_of_published
select w.asked, w.day, w.first, s.base, s.basis, s.guided, s.attempted, s.not_visited, s.ineligible, s.unknown, s.share, s.share_low, s.share_high, s.gap_households,
  s.addresses, s.teams, s.members, s.households_per_member, s.enough, w.valid @> w.day as stands
from wanted w
join shown s on s.asked = w.asked
where w.unit_id is not null
