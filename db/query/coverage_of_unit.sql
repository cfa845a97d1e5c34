-- Answers the coverage of each unit on its day, in households; shares are 0 to 1.
with wanted as materialized (
  select a.asked, u.province, u.id as unit_id, u.level, u.code, u.valid, a.day
  from unnest(@provinces::text[], @ids::bigint[], @days::date[]) with ordinality as a (province, id, day, asked)
  join unit u on u.province = a.province and u.id = a.id
  where u.province = any(@provinces::text[])
),
-- include: spread_of_unit
,
asked_place as materialized (
  select s.province, s.place_id, s.day, p.addresses
  from (select distinct province, place_id, day from spread) s
  join place p on p.province = s.province and p.id = s.place_id
),
-- include: figure_of_place
,
-- include: figure_of_unit
select asked, basis, guided, attempted, not_visited, ineligible, unknown, share, share_low, share_high, gap_households,
  addresses, teams, members, households_per_member, last_visit_on
from figure
