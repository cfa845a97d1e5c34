-- Households on the register with a current adoption of a service. Joining periods is for the few who took one up several times.
insert into delta_service
with several as materialized (
  select distinct a.household_code, a.service_code
  from adoption a
  join touched_uptake t on t.code = a.household_code -- only the touched
  join adoption b on b.province = @province and b.household_code = a.household_code and b.service_code = a.service_code and b.adopted_on > a.adopted_on
  where a.province = @province
), current as (
  select h.place_id, a.service_code, greatest(a.adopted_on, h.registered_on) as from_on,
         least(coalesce(a.ended_on, 'infinity'), coalesce(h.ended_on, 'infinity')) as to_on
  from adoption a
  join touched_uptake t on t.code = a.household_code -- only the touched
  join household h on h.province = @province and h.code = a.household_code
  where a.province = @province and (a.household_code, a.service_code) not in (select household_code, service_code from several)
  union all
  select place_id, service_code, lower(c), coalesce(upper(c), 'infinity')
  from (
    select h.place_id, s.service_code, unnest(range_agg(daterange(a.adopted_on, a.ended_on) * daterange(h.registered_on, h.ended_on))) as c
    from several s
    join adoption a on a.province = @province and a.household_code = s.household_code and a.service_code = s.service_code
    join household h on h.province = @province and h.code = s.household_code
    group by h.place_id, s.household_code, s.service_code
  ) c
)
select place_id, service_code, day, sum(sign)
from current cross join lateral (values (from_on, @sign::int), (to_on, -@sign::int)) as e (day, sign)
where from_on < to_on and day < 'infinity'
group by place_id, service_code, day
