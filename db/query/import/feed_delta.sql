-- Tells the coverage of the units that counts change of, at the month ends that they change at, from what was told and what changes on balance; says that the counts
-- of those days are others by now. For where no place lies elsewhere than before.
with delta as (
  select place_id, day, guided, attempted, not_visited, ineligible, -occupied as unknown, 0 as addresses from delta_day
  union all
  select place_id, '-infinity', 0, 0, 0, 0, sum(household_addresses), sum(household_addresses) from delta_address group by place_id having sum(household_addresses) <> 0
), stale as (
  update change_day set digest = '' where province = @province and day >= (select min(day) from delta) returning day
), moved as materialized (
  select e.day, x.place_id, sum(x.guided)::int as guided, sum(x.attempted)::int as attempted, sum(x.not_visited)::int as not_visited, sum(x.ineligible)::int as ineligible,
    sum(x.unknown)::int as unknown, sum(x.addresses)::int as addresses
  from stale e join delta x on x.day <= e.day
  group by e.day, x.place_id
), counted as materialized (
  select m.day, u.id, sum(guided) as guided, sum(attempted) as attempted, sum(not_visited) as not_visited, sum(ineligible) as ineligible,
    sum(unknown) as unknown, sum(addresses) as addresses
  from moved m
  join place_period i on i.province = @province and i.place_id = m.place_id and i.period @> m.day
  cross join lateral (values (i.province_id), (i.district_id), (i.commune_id), (i.hamlet_id)) u (id)
  where u.id is not null
  group by m.day, u.id
  having (sum(guided), sum(attempted), sum(not_visited), sum(ineligible), sum(unknown), sum(addresses)) <> (0, 0, 0, 0, 0, 0)
), home as materialized ( -- the units, and what they lie in by days
  select u.id, i.period, u.level, u.code, lower(u.valid) as valid_from, (
    select array_agg(o.province || '/' || o.level || ':' || o.code order by array_position(array['commune', 'hamlet', 'district', 'province'], o.level))
    from unit o where o.province = @province and o.id in (i.province_id, i.district_id, i.commune_id, i.hamlet_id)) as within
  from (select distinct id from counted) c
  join unit u on u.province = @province and u.id = c.id
  join unit_period i on i.province = @province and i.unit_id = c.id
), fresh as (
  select h.level, h.code, h.valid_from, c.day, h.within, t.within as told_within, t.former, t.sequence is null as first,
    coalesce((t.value ->> 'guided')::bigint, 0) + c.guided as guided, coalesce((t.value ->> 'attempted')::bigint, 0) + c.attempted as attempted,
    coalesce((t.value ->> 'notVisited')::bigint, 0) + c.not_visited as not_visited, coalesce((t.value ->> 'ineligible')::bigint, 0) + c.ineligible as ineligible,
    coalesce((t.value ->> 'unknown')::bigint, 0) + c.unknown as unknown, coalesce((t.value ->> 'addresses')::bigint, 0) + c.addresses as addresses
  from counted c
  join home h on h.id = c.id and h.period @> c.day
  left join change t on t.province = @province and t.kind = 'coverage' and t.level = h.level and t.code = h.code and t.valid_from = h.valid_from and t.day = c.day and t.measure = '' and t.source = ''
), told as (
  select *, case when greatest(guided, attempted, not_visited, ineligible, unknown, addresses) > 0 then jsonb_build_object('guided', guided, 'attempted', attempted,
      'notVisited', not_visited, 'ineligible', ineligible, 'unknown', unknown, 'addresses', addresses) end as value
  from fresh
  where not first or greatest(guided, attempted, not_visited, ineligible, unknown, addresses) > 0
  order by day, array_position(array['province', 'district', 'commune', 'hamlet'], level), code
)
insert into change (province, kind, level, code, valid_from, day, measure, source, within, former, value, sequence)
select @province, 'coverage', level, code, valid_from, day, '', '', within,
  array(select distinct b from unnest(former || told_within) b where b <> all(within) order by b), value, nextval('change_sequence')
from told
on conflict (province, kind, level, code, valid_from, day, measure, source)
  do update set within = excluded.within, former = excluded.former, value = excluded.value, sequence = excluded.sequence
