-- What is published is of every month end from the first to the last, and each figure of a unit, and what its parts leave, is a neighbouring multiple of the base of the count, the sum of guided, attempted and not visited too; of the count with households that were erased since, at most.
with step as (
  select place_id, month, lead(month) over (partition by place_id order by month) as until, guided, attempted, not_visited, ineligible, occupied
  from place_month where province = @province
), counted as materialized (
  select d.day, d.base, d.erased, coalesce(s.guided, 0) as guided, coalesce(s.attempted, 0) as attempted, coalesce(s.not_visited, 0) as not_visited,
    coalesce(s.ineligible, 0) as ineligible, p.addresses - coalesce(s.occupied, 0) as unknown, p.addresses, i.province_id, i.district_id, i.commune_id, i.hamlet_id
  from published_day d
  join place p on p.province = @province
  left join step s on s.place_id = p.id and s.month <= d.day and (s.until is null or s.until > d.day)
  left join place_period i on i.province = @province and i.place_id = p.id and i.period @> d.day
  where d.province = @province
), figure as ( -- of units with all that lies in them, and of what lies in no part of them
  select c.day, c.base, c.erased, u.id, false as rest, sum(guided) as guided, sum(attempted) as attempted, sum(not_visited) as not_visited, sum(ineligible) as ineligible, sum(unknown) as unknown, sum(addresses) as addresses
  from counted c cross join lateral (values (0), (c.province_id), (c.district_id), (c.commune_id), (c.hamlet_id)) u (id)
  where u.id is not null group by 1, 2, 3, 4
  union all
  select day, base, erased, coalesce(hamlet_id, commune_id, district_id, province_id, 0), true, sum(guided), sum(attempted), sum(not_visited), sum(ineligible), sum(unknown), sum(addresses)
  from counted group by 1, 2, 3, 4
), answered as ( -- a unit without a row has zeros
  select p.day, p.unit_id as id, r.rest, p.guided, p.attempted, p.not_visited, p.ineligible, p.unknown, p.addresses
  from published p cross join (values (false), (true)) r (rest)
  where p.province = @province
), part as (
  select p.day, coalesce(i.parent_id, 0) as id, true as rest, sum(guided) as guided, sum(attempted) as attempted, sum(not_visited) as not_visited, sum(ineligible) as ineligible, sum(unknown) as unknown, sum(addresses) as addresses
  from published p
  left join unit_period i on i.province = @province and i.unit_id = p.unit_id and i.period @> p.day
  where p.province = @province and p.unit_id <> 0 group by 1, 2
), published_figure as (
  select day, d.base, d.erased, id, rest, coalesce(a.guided, 0) - coalesce(p.guided, 0) as guided, coalesce(a.attempted, 0) - coalesce(p.attempted, 0) as attempted, coalesce(a.not_visited, 0) - coalesce(p.not_visited, 0) as not_visited,
    coalesce(a.ineligible, 0) - coalesce(p.ineligible, 0) as ineligible, coalesce(a.unknown, 0) - coalesce(p.unknown, 0) as unknown, coalesce(a.addresses, 0) - coalesce(p.addresses, 0) as addresses
  from answered a full join part p using (day, id, rest) join published_day d using (day)
  where d.province = @province
)
select format('%s %s of unit %s, %s: %s published as %s', case when rest then 'the rest' else 'all' end, day, id, c.name, c.exact, c.published)
from (select day, id, rest, coalesce(f.base, p.base) as base, coalesce(f.erased, p.erased) as erased,
        array[f.guided, f.attempted, f.not_visited, f.guided + f.attempted + f.not_visited, f.ineligible, f.unknown, f.addresses, f.addresses - f.unknown] as exact,
        array[p.guided, p.attempted, p.not_visited, p.guided + p.attempted + p.not_visited, p.ineligible, p.unknown, p.addresses, p.addresses - p.unknown] as published
      from figure f full join published_figure p using (day, id, rest)) b
cross join lateral (
  select n.name, coalesce(b.exact[n.at], 0) as exact, coalesce(b.published[n.at], 0) as published
  from unnest(array['guided', 'attempted', 'not visited', 'reachable', 'ineligible', 'unknown', 'addresses', 'occupied']) with ordinality n (name, at)
) c
where c.published < 0 or c.published % b.base <> 0
  or (abs(c.published - c.exact) >= b.base + b.erased or (b.erased = 0 and c.exact % b.base = 0 and c.exact <> c.published))
    and not exists (select from publication p where p.province = @province and p.due_on is not null) -- rows were sent since
union all
select 'the month end before ' || d.day || ' is not published'
from published_day d
where d.province = @province and d.day > (select min(f.day) from published_day f where f.province = @province)
  and not exists (select from published_day b where b.province = @province and b.day = date_trunc('month', d.day::timestamp)::date - 1)
union all
select d.day || ' is no month end, or of another base than the province''s'
from published_day d join publication p on p.province = d.province
where d.province = @province and (d.base <> p.base or extract(day from d.day + 1) <> 1)
union all
select distinct 'figures of ' || f.day || ', which is not published'
from published f
where f.province = @province and not exists (select from published_day d where d.province = @province and d.day = f.day)
union all
select 'nobody has published it' from dataset d where d.province = @province and not exists (select from publication p where p.province = d.province)
