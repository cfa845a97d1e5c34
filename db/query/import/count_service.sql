-- Households on the register with a current adoption of a service; several adoptions of one service are joined.
insert into delta_service
select place_id, service_code, day, sum(sign)
from (
  select h.place_id, a.service_code,
         unnest(range_agg(daterange(a.adopted_on, a.ended_on) * daterange(h.registered_on, h.ended_on))) as current
  from adoption a join touched_household t on t.code = a.household_code
  join household h on h.province = @province and h.code = a.household_code
  where a.province = @province
  group by h.place_id, a.household_code, a.service_code
) s
cross join lateral (values (lower(current), @sign::int), (upper(current), -@sign::int)) as e (day, sign)
where day is not null
group by place_id, service_code, day
