-- Households with their addresses and visits, in order: place, household, on the register from and until, day and outcome of a visit (null: none); whether
-- the household counts in that place, its address if that lies there, whether it is of kind household, and its cell. A household that does not live where
-- its address lies, because of what it declares, stands under both places.
select p.place_id, h.code, h.registered_on, coalesce(h.ended_on, 'infinity'), v.visited_on, v.outcome,
  p.lives, case when p.stands then a.scheme || '/' || a.code end, a.kind = 'household', a.px >> 11, a.py >> 11
from household h
join touched_resident t on t.code = h.code -- only the touched
left join address a on a.province = @province and a.scheme = h.address_scheme and a.code = h.address_code
left join visit v on v.province = @province and v.household_code = h.code
cross join lateral (
  select h.place_id, true as lives, a.place_id = h.place_id as stands
  union all
  select a.place_id, false, true where a.place_id <> h.place_id
) p
where h.province = @province
order by p.place_id, h.address_code, h.address_scheme, h.code, v.visited_on, v.code
