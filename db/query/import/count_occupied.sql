-- Household addresses with at least one household on the register: in on the first such day, out on the day after the last.
insert into delta_day
select place_id, day, 0, 0, 0, 0, sum(sign)
from (
  select a.place_id, unnest(range_agg(daterange(h.registered_on, h.ended_on))) as occupied
  from address a join touched_address t using (scheme, code)
  join household h on h.province = @province and h.address_scheme = a.scheme and h.address_code = a.code
  where a.province = @province and a.kind = 'household'
  group by a.scheme, a.code, a.place_id
) o
cross join lateral (values (lower(occupied), @sign::int), (upper(occupied), -@sign::int)) as e (day, sign)
where day is not null
group by place_id, day
