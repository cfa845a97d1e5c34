-- Household addresses with at least one household on the register: in on the first such day, out on the day after the last.
-- Joining periods is for the few addresses with several households.
insert into delta_day
with home as materialized (
  select a.scheme, a.code, a.place_id, count(*) as households, min(h.registered_on) as from_on, min(h.ended_on) as to_on
  from address a join touched_address t using (scheme, code)
  join household h on h.province = @province and h.address_scheme = a.scheme and h.address_code = a.code
  where a.province = @province and a.kind = 'household'
  group by a.scheme, a.code, a.place_id
), occupied as (
  select place_id, from_on, coalesce(to_on, 'infinity') as to_on from home where households = 1 and from_on < coalesce(to_on, 'infinity')
  union all
  select place_id, lower(o), coalesce(upper(o), 'infinity')
  from (
    select m.place_id, unnest(range_agg(daterange(h.registered_on, h.ended_on))) as o
    from home m join household h on h.province = @province and h.address_scheme = m.scheme and h.address_code = m.code
    where m.households > 1
    group by m.scheme, m.code, m.place_id
  ) o
)
select place_id, day, 0, 0, 0, 0, sum(sign)
from occupied cross join lateral (values (from_on, @sign::int), (to_on, -@sign::int)) as e (day, sign)
where day < 'infinity'
group by place_id, day
