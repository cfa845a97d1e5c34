-- Tells the coverage of the units that counts change of, at the month ends that they change at, from what was told and what changes on balance, of households by status and of
-- those that use a service. For where no place lies elsewhere than before.
insert into change (province, kind, level, code, valid_from, day, measure, source, within, former, value, sequence)
with delta as (
  select place_id, day, guided, attempted, not_visited, ineligible, -occupied as unknown, 0 as addresses from delta_day
  union all
  select place_id, '-infinity', 0, 0, 0, 0, sum(household_addresses), sum(household_addresses) from delta_address group by place_id having sum(household_addresses) <> 0
), moved as materialized (
  select e.day, x.place_id, sum(x.guided)::int as guided, sum(x.attempted)::int as attempted, sum(x.not_visited)::int as not_visited, sum(x.ineligible)::int as ineligible,
    sum(x.unknown)::int as unknown, sum(x.addresses)::int as addresses
  from change_day e join delta x on x.day <= e.day
  where e.province = @province
  group by e.day, x.place_id
), used as materialized ( -- of places, by services
  select e.day, x.place_id, x.service_code, sum(x.households)::int as households
  from change_day e join delta_service x on x.day <= e.day
  where e.province = @province
  group by e.day, x.place_id, x.service_code
), counted as materialized (
  select m.day, u.id, sum(guided) as guided, sum(attempted) as attempted, sum(not_visited) as not_visited,
    sum(ineligible) as ineligible, sum(unknown) as unknown, sum(addresses) as addresses
  from moved m
  join place_period i on i.province = @province and i.place_id = m.place_id and i.period @> m.day
  cross join lateral (values (i.province_id), (i.district_id), (i.commune_id), (i.hamlet_id)) u (id)
  where u.id is not null
  group by m.day, u.id
  having (sum(guided), sum(attempted), sum(not_visited), sum(ineligible), sum(unknown), sum(addresses)) <> (0, 0, 0, 0, 0, 0)
), service as materialized (
  select day, id, array_agg(service_code) as codes, array_agg(households) as households
  from (
    select m.day, u.id, m.service_code, sum(m.households) as households
    from used m
    join place_period i on i.province = @province and i.place_id = m.place_id and i.period @> m.day
    cross join lateral (values (i.province_id), (i.district_id), (i.commune_id), (i.hamlet_id)) u (id)
    where u.id is not null
    group by m.day, u.id, m.service_code
    having sum(m.households) <> 0
  ) s
  group by day, id
), home as materialized ( -- the units, and what they lie in by days
  select u.id, i.period, u.level, u.code, lower(u.valid) as valid_from, (
    select array_agg(o.province || '/' || o.level || ':' || o.code order by array_position(array['commune', 'hamlet', 'district', 'province'], o.level))
    from unit o where o.province = @province and o.id in (i.province_id, i.district_id, i.commune_id, i.hamlet_id)) as within
  from (select id from counted union select id from service) c
  join unit u on u.province = @province and u.id = c.id
  join unit_period i on i.province = @province and i.unit_id = c.id
), fresh as (
  select h.level, h.code, h.valid_from, x.day, h.within, t.within as told_within, t.former, t.sequence is null as first,
    coalesce((t.value ->> 'guided')::bigint, 0) + coalesce(c.guided, 0) as guided, coalesce((t.value ->> 'attempted')::bigint, 0) + coalesce(c.attempted, 0) as attempted,
    coalesce((t.value ->> 'notVisited')::bigint, 0) + coalesce(c.not_visited, 0) as not_visited, coalesce((t.value ->> 'ineligible')::bigint, 0) + coalesce(c.ineligible, 0) as ineligible,
    coalesce((t.value ->> 'unknown')::bigint, 0) + coalesce(c.unknown, 0) as unknown, coalesce((t.value ->> 'addresses')::bigint, 0) + coalesce(c.addresses, 0) as addresses,
    coalesce((t.value ->> 'teams')::bigint, 0) as teams, coalesce((t.value ->> 'members')::bigint, 0) as members,
    case when s.codes is null then coalesce(t.value -> 'services', '{}') else (
      select coalesce(jsonb_object_agg(n.code, n.households), '{}')
      from (
        select b.code, sum(b.households) as households
        from (select key as code, value::bigint as households from jsonb_each_text(t.value -> 'services') union all select * from unnest(s.codes, s.households)) b
        group by b.code
        having sum(b.households) <> 0
      ) n) end as services
  from counted c
  full join service s using (day, id)
  cross join lateral (select day, id) x
  join home h on h.id = x.id and h.period @> x.day
  left join change t on t.province = @province and t.kind = 'coverage' and t.level = h.level and t.code = h.code and t.valid_from = h.valid_from and t.day = x.day and t.measure = '' and t.source = ''
), told as (
  select *, case when greatest(guided, attempted, not_visited, ineligible, unknown, addresses, teams) > 0 or services <> '{}' then jsonb_build_object('guided', guided, 'attempted', attempted,
      'notVisited', not_visited, 'ineligible', ineligible, 'unknown', unknown, 'addresses', addresses, 'teams', teams, 'members', members, 'services', services) end as value
  from fresh
  order by day, array_position(array['province', 'district', 'commune', 'hamlet'], level), code
)
select @province, 'coverage', level, code, valid_from, day, '', '', within,
  array(select distinct b from unnest(former || told_within) b where b <> all(within) order by b), value, nextval('change_sequence')
from told
where not first or value is not null
on conflict (province, kind, level, code, valid_from, day, measure, source)
  do update set within = excluded.within, former = excluded.former, value = excluded.value, sequence = excluded.sequence
