-- On each day the households that come on the register, less those that leave it, are those that the places gain: in units or unassigned, none is lost or counted twice.
with counted as (
  select d.day, sum(d.change) as households
  from household h cross join lateral (values (h.registered_on, 1), (h.ended_on, -1)) d (day, change)
  where h.province = @province and d.day is not null and (h.ended_on is null or h.ended_on > h.registered_on) group by d.day
), rolled as (
  select day, sum(guided + attempted + not_visited + ineligible) as households from place_day where province = @province group by day
)
select format('on %s: %s households more on the register, %s more in the places', day, coalesce(c.households, 0), coalesce(r.households, 0))
from counted c full join rolled r using (day) where coalesce(c.households, 0) <> coalesce(r.households, 0)
