-- Answers the first $3 gaps of a province ($1) on a day ($2) with unit, coverage and remoteness, by the API's default thresholds: the least that PostgreSQL can do for the same figures.
with
hamlet as materialized (
  select u.id, u.level, u.code, u.name, u.full_name, u.kind, u.valid
  from unit u
  where u.province = $1::text and u.level = 'hamlet' and u.valid @> $2::date
),
register as (
  select i.hamlet_id,
    sum(coalesce(m.guided, 0) + coalesce(d.guided, 0)) as guided,
    sum(coalesce(m.attempted, 0) + coalesce(d.attempted, 0)) as attempted,
    sum(coalesce(m.not_visited, 0) + coalesce(d.not_visited, 0)) as not_visited,
    sum(coalesce(m.ineligible, 0) + coalesce(d.ineligible, 0)) as ineligible,
    sum(p.addresses) as addresses,
    sum(p.addresses - coalesce(m.occupied, 0) - coalesce(d.occupied, 0)) as unknown,
    max(v.visited_on) as last_visit_on
  from place_period i
  join place p on p.province = i.province and p.id = i.place_id
  left join lateral (
    select m.guided, m.attempted, m.not_visited, m.ineligible, m.occupied
    from place_month m
    where m.province = i.province and m.place_id = i.place_id and m.month < date_trunc('month', $2::date)::date
    order by m.month desc
    limit 1
  ) m on true
  left join lateral (
    select sum(d.guided)::int as guided, sum(d.attempted)::int as attempted, sum(d.not_visited)::int as not_visited,
      sum(d.ineligible)::int as ineligible, sum(d.occupied)::int as occupied
    from place_day d
    where d.province = i.province and d.place_id = i.place_id and d.day between date_trunc('month', $2::date)::date and $2::date
  ) d on true
  left join lateral (
    select v.visited_on
    from place_visit v
    where v.province = i.province and v.place_id = i.place_id and v.visited_on <= $2 and v.from_on <= $2 and $2 < v.to_on
    order by v.visited_on desc
    limit 1
  ) v on true
  where i.province = $1 and i.period @> $2 and i.hamlet_id is not null
  group by i.hamlet_id
),
staff as (
  select t.hamlet_id, count(*) as teams, sum(m.members) as members
  from (
    select distinct hamlet_id, team_code from team_period where province = $1 and kind = 'cnscd' and period @> $2 and hamlet_id is not null
  ) t
  left join (select team_code, count(*)::int as members from member where province = $1 and joined @> $2 group by team_code) m on m.team_code = t.team_code
  group by t.hamlet_id
),
figure as (
  select h.*, k.households, k.reachable, coalesce(g.addresses, 0) as addresses, coalesce(s.teams, 0) as teams, coalesce(s.members, 0) as members,
    case when k.households > 0 then 'REGISTER' when r.value is not null then 'REPORT' else 'NONE' end as basis,
    case when k.households > 0 then g.guided else round(r.value) end as guided,
    case when k.households > 0 then g.attempted end as attempted,
    case when k.households > 0 then g.not_visited end as not_visited,
    case when k.households > 0 then g.ineligible end as ineligible,
    case when k.households > 0 then g.unknown else coalesce(g.addresses, 0) end as unknown,
    case when k.households > 0 then g.guided::float8 / nullif(k.reachable, 0) else r.share end as share,
    case when k.households > 0 then g.guided::float8 / nullif(k.reachable + g.unknown, 0) end as share_low,
    case when k.households > 0 then (g.guided + g.unknown)::float8 / nullif(k.reachable + g.unknown, 0) end as share_high,
    case when k.households > 0 then g.attempted + g.not_visited + g.unknown when r.value is null then nullif(g.addresses, 0) end as gap_households,
    case when k.households > 0 then k.reachable::float8 / nullif(s.members, 0) end as households_per_member,
    case when k.households > 0 then g.last_visit_on end as last_visit_on
  from hamlet h
  left join register g on g.hamlet_id = h.id
  left join staff s on s.hamlet_id = h.id
  cross join lateral (
    select coalesce(g.guided + g.attempted + g.not_visited + g.ineligible, 0) as households, coalesce(g.guided + g.attempted + g.not_visited, 0) as reachable
  ) k
  left join lateral (
    select r.value, r.share
    from report r
    where k.households = 0 and r.province = $1 and r.level = 'hamlet' and r.unit_code = h.code and r.measure = 'households_guided'
      and r.as_of <= $2 and h.valid @> r.as_of
    order by r.as_of desc, r.source
    limit 1
  ) r on true
)
select count(*) over () as total, f.id, f.level, f.code, f.name, f.full_name, f.kind, lower(f.valid), upper(f.valid),
  f.basis, f.guided::int, f.attempted::int, f.not_visited::int, f.ineligible::int, f.unknown::int, f.share, f.share_low, f.share_high,
  f.gap_households::int, f.addresses::int, f.teams::int, f.members::int, f.households_per_member, f.last_visit_on,
  r.index, r.remote, r.service_distance_metres, r.team_distance_metres, r.addresses_per_km2, r.designated, r.computed_at,
  f.gap_households::int * (1 + coalesce(r.index, 0)) as priority, w.reasons
from figure f
left join remoteness r on r.province = $1 and r.unit_id = f.id
cross join lateral (
  select array_remove(array[
    case when f.teams = 0 then 'NO_TEAM' end,
    case when f.addresses > 0 and f.households = 0 then 'NOT_REGISTERED' end,
    case when f.households > 0 and f.last_visit_on is null then 'NEVER_VISITED' end,
    case when f.share < 0.7 then 'BELOW_TARGET' end,
    case when r.team_distance_metres > 3000 then 'OUT_OF_REACH' end,
    case when f.households_per_member > 50 then 'OVERLOADED' end,
    case when f.last_visit_on <= ($2 - interval '6 months')::date then 'STALE' end
  ], null) as reasons
) w
where f.gap_households >= 1 and cardinality(w.reasons) > 0
order by priority desc, f.code
limit $3::int
