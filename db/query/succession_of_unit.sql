-- Answers what became of each unit (@forward), or whence it came: each successor or predecessor by day, and the households on the register that day and the household addresses that passed between the two.
-- needs: aggregates
with
-- include: succession_edge
,
-- include: spread_of_unit
,
asked_place as materialized (
  select s.asked, s.province, s.place_id, s.day, p.addresses
  from spread s
  join wanted w on w.asked = s.asked
  join place_period i on i.province = s.province and i.place_id = s.place_id and i.period @> s.day
    and case w.to_level when 'hamlet' then i.hamlet_id when 'commune' then i.commune_id when 'district' then i.district_id else i.province_id end = w.to_id
  join place p on p.province = s.province and p.id = s.place_id
),
-- include: figure_of_place
,
moved as (
  select asked, sum(guided + attempted + not_visited + ineligible)::int as moved_households, sum(addresses)::int as moved_addresses
  from place_figure
  group by asked
)
select w.of_unit as asked, w.day as effective_on, w.extent, w.decision,
  case when w.counts then coalesce(m.moved_households, 0) else 0 end as moved_households, case when w.counts then coalesce(m.moved_addresses, 0) else 0 end as moved_addresses,
-- include: unit_column
from wanted w
join unit u on u.province = w.province and u.id = case when @forward then w.to_id else w.unit_id end
left join moved m on m.asked = w.asked
where u.province = any(@provinces)
order by w.of_unit, w.day, array_position(array['province', 'district', 'commune', 'hamlet'], u.level), u.code, w.extent
