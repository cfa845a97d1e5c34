-- The addresses of kind household that come to have a household on the register and cease to have one, in each place on each day, are those counted one by one.
with stretch as ( -- of each household what it adds to the days that those before it at its address have
  select a.place_id, greatest(h.registered_on, max(coalesce(h.ended_on, 'infinity')) over earlier) as from_on, coalesce(h.ended_on, 'infinity') as to_on
  from household h
  join address a on a.province = @province and a.scheme = h.address_scheme and a.code = h.address_code and a.kind = 'household'
  where h.province = @province
  window earlier as (partition by a.code, a.scheme order by h.registered_on rows between unbounded preceding and 1 preceding)
), plain as (
  select place_id, d.day, sum(d.change) as occupied
  from stretch cross join lateral (values (from_on, 1), (to_on, -1)) d (day, change)
  where from_on < to_on and d.day < 'infinity'
  group by place_id, d.day
)
select format('place %s on %s: rolled up %s, counted %s', place_id, day, r.occupied, p.occupied)
from (select * from place_day where province = @province) r full join plain p using (place_id, day)
where coalesce(r.occupied, 0) <> coalesce(p.occupied, 0)
