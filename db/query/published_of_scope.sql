-- part: from wanted (unit_of_scope) to what is published of each asked, and with no asked of what lies in the unit @within (0: everything) but in none of them
published_unit as materialized (
  select w.asked, w.province, p.guided, p.attempted, p.not_visited, p.ineligible, p.unknown, p.addresses
  from wanted w
  join published p on p.province = w.province and p.day = w.day and p.unit_id = w.unit_id
),
published_rest as (
  select p.province, p.guided, p.attempted, p.not_visited, p.ineligible, p.unknown, p.addresses
  from published p
  where p.province = any(array(select s.province from dataset s where @province::text in ('', s.province))) and p.day = @day::date and p.unit_id = @within
  union all
  select province, -guided, -attempted, -not_visited, -ineligible, -unknown, -addresses from published_unit
),
place_figure as materialized (
  select asked, province, guided, attempted, not_visited, ineligible, addresses, addresses - unknown as occupied from published_unit
  union all
  select null, province, sum(guided)::int, sum(attempted)::int, sum(not_visited)::int, sum(ineligible)::int, sum(addresses)::int, sum(addresses - unknown)::int
  from published_rest
  group by province
)
