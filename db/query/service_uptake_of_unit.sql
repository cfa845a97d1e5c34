-- Answers how many households of each unit use each service on its day, on the boundaries of its boundary; the share (0 to 1) only of services counted in households.
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
uptake as (
  select s.asked, v.code as service_code, sum(coalesce(m.households, 0) + coalesce(d.households, 0))::int as households
  from spread s
  join service v on v.province = s.province
-- include: uptake_of_place
  group by s.asked, v.code
)
select w.asked, v.province, v.code, v.name_vi, v.name_en, v.counted_in, coalesce(u.households, 0) as households,
  case when v.counted_in = 'household' then coalesce(u.households, 0)::float8 / nullif(r.households, 0) end as share
from wanted w
join service v on v.province = w.province
left join uptake u on u.asked = w.asked and u.service_code = v.code
left join reachable r on r.asked = w.asked
where w.unit_id is not null
order by w.asked, v.code
