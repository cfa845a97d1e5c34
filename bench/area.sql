-- The gap households of a province ($1) on a day ($2), each where its address is (degrees; null: it has none), as one would write it by hand.
with seen as (
  select household_code, bool_or(outcome = 'guided') as guided, (array_agg(outcome order by visited_on desc, code desc))[1] as latest
  from visit
  where province = $1 and visited_on <= $2::date
  group by household_code
), registered as (
  select code, address_scheme, address_code
  from household
  where province = $1 and registered_on <= $2 and (ended_on is null or ended_on > $2)
)
select st_x(a.position), st_y(a.position)
from registered h
left join seen s on s.household_code = h.code
left join address a on a.province = $1 and a.scheme = h.address_scheme and a.code = h.address_code
where s.guided is not true and s.latest is distinct from 'ineligible'
union all
select st_x(a.position), st_y(a.position)
from address a
where a.province = $1 and a.kind = 'household'
  and not exists (select from registered h where h.address_scheme = a.scheme and h.address_code = a.code)
