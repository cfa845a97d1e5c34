-- Households on the register with a current adoption of a service. Joining periods is for the few who took one up several times.
insert into delta_service
with uptake as materialized (
  select a.household_code, a.service_code, count(*) as times, min(a.adopted_on) as from_on, min(a.ended_on) as to_on,
         min(h.place_id) as place_id, min(h.registered_on) as registered_on, min(coalesce(h.ended_on, 'infinity')) as ended_on
  from adoption a
  join touched_household t on t.code = a.household_code
  join household h on h.province = @province and h.code = a.household_code
  where a.province = @province
  group by a.household_code, a.service_code
), current as (
  select place_id, service_code, greatest(from_on, registered_on) as from_on, least(coalesce(to_on, 'infinity'), ended_on) as to_on
  from uptake where times = 1
  union all
  select place_id, service_code, lower(c), coalesce(upper(c), 'infinity')
  from (
    select u.place_id, u.service_code, unnest(range_agg(daterange(a.adopted_on, a.ended_on) * daterange(u.registered_on, nullif(u.ended_on, 'infinity')))) as c
    from uptake u
    join adoption a on a.province = @province and a.household_code = u.household_code and a.service_code = u.service_code
    where u.times > 1
    group by u.place_id, u.household_code, u.service_code
  ) c
)
select place_id, service_code, day, sum(sign)
from current cross join lateral (values (from_on, @sign::int), (to_on, -@sign::int)) as e (day, sign)
where from_on < to_on and day < 'infinity'
group by place_id, service_code, day
