-- The households that take each service up and give it up, in each place on each day, are those counted over adoptions and households.
with taken as (
  select h.place_id, a.household_code, a.service_code, greatest(a.adopted_on, h.registered_on) as from_on, coalesce(least(a.ended_on, h.ended_on), 'infinity') as to_on
  from adoption a
  join household h on h.province = @province and h.code = a.household_code
  where a.province = @province
), stretch as ( -- of each adoption what it adds to the days that the household's earlier ones of the service have
  select place_id, service_code, to_on, greatest(from_on, max(to_on) over (
    partition by household_code, service_code order by from_on rows between unbounded preceding and 1 preceding)) as from_on
  from taken
  where from_on < to_on
), plain as (
  select place_id, service_code, d.day, sum(d.change) as households
  from stretch cross join lateral (values (from_on, 1), (to_on, -1)) d (day, change)
  where from_on < to_on and d.day < 'infinity'
  group by place_id, service_code, d.day
)
select format('service %s in place %s on %s: rolled up %s, counted %s', service_code, place_id, day, r.households, p.households)
from (select * from place_service_day where province = @province) r full join plain p using (place_id, service_code, day)
where coalesce(r.households, 0) <> coalesce(p.households, 0)
