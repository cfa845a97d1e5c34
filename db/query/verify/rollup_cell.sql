-- The statuses that addresses have in each place and cell, from each day on which one of them changes, are those that the visits to their households say, one by one.
with stretch as materialized ( -- the statuses of each household at an address: 1 guided, 2 attempted, 3 not visited, 4 ineligible
  select h.address_scheme as scheme, h.address_code as code, greatest(h.registered_on, v.visited_on) as from_on, least(h.ended_on, v.next_on) as to_on, -- null: for ever
    case when v.guided then 1 when v.outcome = 'ineligible' then 4 else 2 end as status
  from (
    select household_code, visited_on, outcome, bool_or(outcome = 'guided') over so_far as guided, lead(visited_on) over so_far as next_on
    from visit where province = @province
    window so_far as (partition by household_code order by visited_on, code)
  ) v
  join household h on h.province = @province and h.code = v.household_code
  where h.address_code is not null
  union all
  select h.address_scheme, h.address_code, h.registered_on, least(h.ended_on, v.first_on), 3
  from household h
  left join (select household_code, min(visited_on) as first_on from visit where province = @province group by household_code) v on v.household_code = h.code
  where h.province = @province and h.address_code is not null
), turn as ( -- the best that an address's households have, from each day on which one of them changes
  select b.scheme, b.code, b.day, min(s.status) as status
  from (select distinct scheme, code, d.day from stretch cross join lateral (values (from_on), (to_on)) d (day) where d.day is not null) b
  left join stretch s on s.scheme = b.scheme and s.code = b.code and s.from_on <= b.day and (s.to_on is null or s.to_on > b.day)
  group by b.scheme, b.code, b.day
), change as (
  select a.place_id, a.px >> 11 as x, a.py >> 11 as y, t.day, t.status, lag(t.status) over (partition by t.scheme, t.code order by t.day) as was, a.kind = 'household' as household
  from turn t
  join address a on a.province = @province and a.scheme = t.scheme and a.code = t.code
), day as (
  select place_id, x, y, day, count(*) filter (where status = 1) - count(*) filter (where was = 1) as guided, count(*) filter (where status = 2) - count(*) filter (where was = 2) as attempted,
    count(*) filter (where status = 3) - count(*) filter (where was = 3) as not_visited, count(*) filter (where status = 4) - count(*) filter (where was = 4) as ineligible,
    count(status) filter (where household) - count(was) filter (where household) as occupied
  from change
  group by place_id, x, y, day
), plain as (
  select place_id, x, y, day, sum(guided) over w as guided, sum(attempted) over w as attempted, sum(not_visited) over w as not_visited, sum(ineligible) over w as ineligible, sum(occupied) over w as occupied
  from day
  where (guided, attempted, not_visited, ineligible, occupied) <> (0, 0, 0, 0, 0)
  window w as (partition by place_id, x, y order by day)
), rolled as (
  select c.place_id, c.x, c.y, d.*
  from place_cell c
  cross join lateral unnest(c.days, c.guided, c.attempted, c.not_visited, c.ineligible, c.occupied) d (day, guided, attempted, not_visited, ineligible, occupied)
  where c.province = @province
)
select format('cell %s/%s of place %s on %s: rolled up (%s, %s, %s, %s, %s), counted (%s, %s, %s, %s, %s)', x, y, place_id, day,
  r.guided, r.attempted, r.not_visited, r.ineligible, r.occupied, p.guided, p.attempted, p.not_visited, p.ineligible, p.occupied)
from rolled r
full join plain p using (place_id, x, y, day)
where (r.guided, r.attempted, r.not_visited, r.ineligible, r.occupied) is distinct from (p.guided, p.attempted, p.not_visited, p.ineligible, p.occupied)
union all
select format('cell %s/%s of place %s: its days are not in order', x, y, place_id)
from place_cell
where province = @province and days <> array(select distinct d from unnest(days) d order by d)
