-- Answers how many households of each unit, on the register on its day, were guided on each topic by then; the share (0 to 1) is over those of the coverage's share.
-- Visits are joined by hashing, not looked up (|| keeps the index out): a whole province costs a few hamlets, not a thousand.
-- needs: aggregates
with wanted as materialized (
  select a.asked, a.province, u.id as unit_id, u.level, a.day, a.boundary
  from unnest(@provinces::text[], @ids::bigint[], @days::date[], @boundaries::date[]) with ordinality as a (province, id, day, boundary, asked)
  left join unit u on u.province = a.province and u.id = a.id -- left: the planner expects a row for each asked, not one in all
),
-- include: spread_of_unit
,
asked_place as (
  select s.asked, s.province, s.place_id, s.day, 0 as addresses from spread s
),
-- include: figure_of_place
,
reachable as (
  select asked, sum(guided + attempted + not_visited)::int as households from place_figure group by asked
),
taught as (
  select s.asked, h.code, string_agg(v.topics, ';') as topics
  from spread s
  join household h on h.province = s.province and h.place_id = s.place_id and h.registered_on <= s.day and (h.ended_on is null or h.ended_on > s.day)
  join visit v on v.province = h.province and v.household_code || '' = h.code and v.outcome = 'guided' and v.visited_on <= s.day and v.topics is not null
  where h.province = any(@provinces) and v.province = any(@provinces)
  group by s.asked, h.code
),
-- include: household_topic
select t.asked, t.topic, t.households, t.households::float8 / nullif(r.households, 0) as share
from told t
join reachable r on r.asked = t.asked
order by t.asked, t.topic collate "C"
