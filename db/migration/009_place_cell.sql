-- Addresses by status on a map of the whole province, without asking each household: bins of the tiles up to zoom 11.

-- Where an address lies on the web-mercator map: pixels of zoom 16, of 4,096 a tile, east and south of the map's corner.
alter table address
  add column px integer generated always as (floor((st_x(position) + 180) / 360 * 268435456)) stored,
  add column py integer generated always as (floor((0.5 - asinh(tan(radians(st_y(position)))) / (2 * pi())) * 268435456)) stored;

-- Roll-up: the addresses of a place in a cell, which is a tile of zoom 17. A row holds all days at once, because on most of
-- them nothing happens in a cell: on day D, guided[n] of its addresses are GUIDED where n is the last of `days` that is no later,
-- and none where there is none; likewise the others. Occupied are those of kind household with a household on the register.
create table place_cell (
  province            text collate "C" not null,
  place_id            bigint    not null,
  x                   integer   not null,         -- address.px >> 11
  y                   integer   not null,
  addresses           integer   not null,         -- of every kind
  household_addresses integer   not null,         -- of kind household
  px                  bigint    not null,         -- the sum of address.px
  py                  bigint    not null,
  days                date[]    not null,         -- those on which a status changes, ascending
  guided              integer[] not null,
  attempted           integer[] not null,
  not_visited         integer[] not null,
  ineligible          integer[] not null,
  occupied            integer[] not null,
  primary key (province, x, y, place_id)
);

insert into place_cell
with stretch as materialized ( -- the statuses of each household at an address: 1 guided, 2 attempted, 3 not visited, 4 ineligible
  select h.province, h.address_scheme as scheme, h.address_code as code, greatest(h.registered_on, v.visited_on) as from_on, least(h.ended_on, v.next_on) as to_on,
    case when v.guided then 1 when v.outcome = 'ineligible' then 4 else 2 end as status
  from (
    select province, household_code, visited_on, outcome, bool_or(outcome = 'guided') over so_far as guided, lead(visited_on) over so_far as next_on
    from visit
    window so_far as (partition by province, household_code order by visited_on, code)
  ) v
  join household h on h.province = v.province and h.code = v.household_code
  where h.address_code is not null
  union all
  select h.province, h.address_scheme, h.address_code, h.registered_on, least(h.ended_on, v.first_on), 3
  from household h
  left join (select province, household_code, min(visited_on) as first_on from visit group by province, household_code) v on v.province = h.province and v.household_code = h.code
  where h.address_code is not null
), turn as ( -- the best that an address's households have, from each day on which one of them changes
  select b.province, b.scheme, b.code, b.day, min(s.status) as status
  from (select distinct province, scheme, code, d.day from stretch cross join lateral (values (from_on), (to_on)) d (day) where d.day is not null) b
  left join stretch s on s.province = b.province and s.scheme = b.scheme and s.code = b.code and s.from_on <= b.day and (s.to_on is null or s.to_on > b.day)
  group by b.province, b.scheme, b.code, b.day
), change as (
  select a.province, a.place_id, a.px >> 11 as x, a.py >> 11 as y, t.day, a.kind = 'household' as household, coalesce(t.status, 5) as status,
    coalesce(lag(t.status) over (partition by t.province, t.scheme, t.code order by t.day), 5) as was
  from turn t
  join address a on a.province = t.province and a.scheme = t.scheme and a.code = t.code
), day as (
  select province, place_id, x, y, day, sum((status = 1)::int - (was = 1)::int) as guided, sum((status = 2)::int - (was = 2)::int) as attempted,
    sum((status = 3)::int - (was = 3)::int) as not_visited, sum((status = 4)::int - (was = 4)::int) as ineligible,
    sum((status < 5)::int - (was < 5)::int) filter (where household) as occupied
  from change
  where status <> was
  group by province, place_id, x, y, day
), total as (
  select province, place_id, x, y, array_agg(day order by day) as days, array_agg(guided order by day) as guided, array_agg(attempted order by day) as attempted,
    array_agg(not_visited order by day) as not_visited, array_agg(ineligible order by day) as ineligible, array_agg(occupied order by day) as occupied
  from (
    select province, place_id, x, y, day, (sum(guided) over so_far)::int as guided, (sum(attempted) over so_far)::int as attempted, (sum(not_visited) over so_far)::int as not_visited,
      (sum(ineligible) over so_far)::int as ineligible, coalesce(sum(occupied) over so_far, 0)::int as occupied
    from day
    where (guided, attempted, not_visited, ineligible, coalesce(occupied, 0)) <> (0, 0, 0, 0, 0)
    window so_far as (partition by province, place_id, x, y order by day)
  ) d
  group by province, place_id, x, y
)
select province, place_id, x, y, a.addresses, a.household_addresses, a.px, a.py,
  coalesce(t.days, '{}'), coalesce(t.guided, '{}'), coalesce(t.attempted, '{}'), coalesce(t.not_visited, '{}'), coalesce(t.ineligible, '{}'), coalesce(t.occupied, '{}')
from (
  select province, place_id, px >> 11 as x, py >> 11 as y, count(*) as addresses, count(*) filter (where kind = 'household') as household_addresses, sum(px) as px, sum(py) as py
  from address
  group by 1, 2, 3, 4
) a
left join total t using (province, place_id, x, y)
order by province, x, y, place_id;
analyze place_cell;
