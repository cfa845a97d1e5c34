-- Household addresses with at least one household on the register: in on the first such day, out on the day after the last.
-- Joining periods is for the few addresses with several households.
insert into delta_day
with shared as materialized (
  select h.address_scheme as scheme, h.address_code as code
  from household h
  join touched_address t on t.scheme = h.address_scheme and t.code = h.address_code -- only the touched
  where h.province = @province and h.address_code is not null
  group by h.address_scheme, h.address_code having count(*) > 1
), occupied as (
  select a.place_id, h.registered_on as from_on, coalesce(h.ended_on, 'infinity') as to_on
  from address a
  join touched_address t on t.scheme = a.scheme and t.code = a.code -- only the touched
  join household h on h.province = @province and h.address_scheme = a.scheme and h.address_code = a.code
  where a.province = @province and a.kind = 'household' and (a.scheme, a.code) not in (select scheme, code from shared)
  union all
  select place_id, lower(o), coalesce(upper(o), 'infinity')
  from (
    select a.place_id, unnest(range_agg(daterange(h.registered_on, h.ended_on))) as o
    from shared s
    join address a on a.province = @province and a.scheme = s.scheme and a.code = s.code and a.kind = 'household'
    join household h on h.province = @province and h.address_scheme = s.scheme and h.address_code = s.code
    group by a.scheme, a.code, a.place_id
  ) o
)
select place_id, day, 0, 0, 0, 0, sum(sign)
from occupied cross join lateral (values (from_on, @sign::int), (to_on, -@sign::int)) as e (day, sign)
where from_on < to_on and day < 'infinity'
group by place_id, day
