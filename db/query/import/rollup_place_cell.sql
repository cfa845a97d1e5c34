-- Addresses of each place and cell, and how many of them have each status from each day on. In the order of the key, for tiles.
insert into place_cell (province, place_id, x, y, addresses, household_addresses, px, py, days, guided, attempted, not_visited, ineligible, occupied)
select @province, place_id, x, y, coalesce(a.addresses, 0), coalesce(a.household_addresses, 0), coalesce(a.px, 0), coalesce(a.py, 0),
  coalesce(c.days, '{}'), coalesce(c.guided, '{}'), coalesce(c.attempted, '{}'), coalesce(c.not_visited, '{}'), coalesce(c.ineligible, '{}'), coalesce(c.occupied, '{}')
from (
  select place_id, x, y, sum(addresses) as addresses, sum(household_addresses) as household_addresses, sum(px) as px, sum(py) as py
  from delta_address
  group by place_id, x, y
  having (sum(addresses), sum(household_addresses), sum(px), sum(py)) <> (0, 0, 0, 0)
) a
full join cell_after c using (place_id, x, y)
order by x, y, place_id
on conflict (province, x, y, place_id) do update set
  addresses = place_cell.addresses + excluded.addresses, household_addresses = place_cell.household_addresses + excluded.household_addresses,
  px = place_cell.px + excluded.px, py = place_cell.py + excluded.py, days = excluded.days, guided = excluded.guided, attempted = excluded.attempted,
  not_visited = excluded.not_visited, ineligible = excluded.ineligible, occupied = excluded.occupied
