-- Each place counts its addresses by cell, and where they are.
select format('cell %s/%s of place %s counts (%s, %s, %s, %s), has (%s, %s, %s, %s)', x, y, place_id, c.addresses, c.household_addresses, c.px, c.py, a.addresses, a.household_addresses, a.px, a.py)
from (select * from place_cell where province = @province) c
full join (
  select place_id, px >> 11 as x, py >> 11 as y, count(*) as addresses, count(*) filter (where kind = 'household') as household_addresses, sum(px) as px, sum(py) as py
  from address
  where province = @province
  group by 1, 2, 3
) a using (place_id, x, y)
where (c.addresses, c.household_addresses, c.px, c.py) is distinct from (a.addresses, a.household_addresses, a.px, a.py)
