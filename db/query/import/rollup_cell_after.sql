-- What becomes of the cells that change: the days so far with what changes on each, those that come to it, and all added up again.
insert into cell_after
with touched as (
  select place_id, x, y from delta_cell
  union
  select place_id, x, y from delta_address group by place_id, x, y
  having (sum(addresses), sum(household_addresses), sum(px), sum(py)) <> (0, 0, 0, 0)
), turn as (
  select place_id, x, y, day, guided, attempted, not_visited, ineligible, occupied from delta_cell
  union all
  select t.place_id, t.x, t.y, d.day, d.guided - lag(d.guided, 1, 0) over earlier, d.attempted - lag(d.attempted, 1, 0) over earlier,
    d.not_visited - lag(d.not_visited, 1, 0) over earlier, d.ineligible - lag(d.ineligible, 1, 0) over earlier, d.occupied - lag(d.occupied, 1, 0) over earlier
  from touched t
  join place_cell c on c.province = @province and c.x = t.x and c.y = t.y and c.place_id = t.place_id
  cross join lateral unnest(c.days, c.guided, c.attempted, c.not_visited, c.ineligible, c.occupied) d (day, guided, attempted, not_visited, ineligible, occupied)
  window earlier as (partition by t.place_id, t.x, t.y order by d.day)
), changed as (
  select place_id, x, y, day, sum(guided) as guided, sum(attempted) as attempted, sum(not_visited) as not_visited, sum(ineligible) as ineligible, sum(occupied) as occupied
  from turn
  group by place_id, x, y, day
  having (sum(guided), sum(attempted), sum(not_visited), sum(ineligible), sum(occupied)) <> (0, 0, 0, 0, 0)
), total as (
  select place_id, x, y, day, (sum(guided) over so_far)::int as guided, (sum(attempted) over so_far)::int as attempted, (sum(not_visited) over so_far)::int as not_visited,
    (sum(ineligible) over so_far)::int as ineligible, (sum(occupied) over so_far)::int as occupied
  from changed
  window so_far as (partition by place_id, x, y order by day)
), gathered as (
  select place_id, x, y, array_agg(day order by day) as days, array_agg(guided order by day) as guided, array_agg(attempted order by day) as attempted,
    array_agg(not_visited order by day) as not_visited, array_agg(ineligible order by day) as ineligible, array_agg(occupied order by day) as occupied
  from total
  group by place_id, x, y
)
select place_id, x, y, g.days, g.guided, g.attempted, g.not_visited, g.ineligible, g.occupied
from touched
left join gathered g using (place_id, x, y)
