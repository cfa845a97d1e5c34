-- Answers the map of the shares of all hamlets of a province ($1) on a day ($2) at a zoom band ($3) as one text, in five quantiles: the least that PostgreSQL can do for the same bytes.
with
hamlet as materialized (
  select u.id, u.code, u.name, u.full_name, u.drawn_id, i.parent_id, u.valid
  from unit u
  join unit_period i on i.province = u.province and i.unit_id = u.id and i.period @> $2::date
  where u.province = $1::text and u.level = 'hamlet' and u.valid @> $2::date
),
register as (
  select i.hamlet_id,
    sum(coalesce(m.guided, 0) + coalesce(d.guided, 0)) as guided,
    sum(coalesce(m.attempted, 0) + coalesce(d.attempted, 0)) as attempted,
    sum(coalesce(m.not_visited, 0) + coalesce(d.not_visited, 0)) as not_visited,
    sum(coalesce(m.ineligible, 0) + coalesce(d.ineligible, 0)) as ineligible,
    sum(p.addresses) as addresses,
    sum(p.addresses - coalesce(m.occupied, 0) - coalesce(d.occupied, 0)) as unknown
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
  select h.*, coalesce(s.teams, 0) as teams, coalesce(s.members, 0) as members, coalesce(g.addresses, 0) as addresses,
    case when k.households > 0 then g.guided else round(r.value) end as guided,
    case when k.households > 0 then g.guided::float8 / nullif(g.guided + g.attempted + g.not_visited, 0) else r.share end as share,
    case when k.households > 0 then g.guided::float8 / nullif(g.guided + g.attempted + g.not_visited + g.unknown, 0) end as share_low,
    case when k.households > 0 then (g.guided + g.unknown)::float8 / nullif(g.guided + g.attempted + g.not_visited + g.unknown, 0) end as share_high,
    case when k.households > 0 then g.attempted + g.not_visited + g.unknown when r.value is null then nullif(g.addresses, 0) end as gap_households
  from hamlet h
  left join register g on g.hamlet_id = h.id
  left join staff s on s.hamlet_id = h.id
  cross join lateral (select coalesce(g.guided + g.attempted + g.not_visited + g.ineligible, 0) as households) k
  left join lateral (
    select r.value, r.share
    from report r
    where k.households = 0 and r.province = $1 and r.level = 'hamlet' and r.unit_code = h.code and r.measure = 'households_guided'
      and r.as_of <= $2 and h.valid @> r.as_of
    order by r.as_of desc, r.source
    limit 1
  ) r on true
),
-- A class begins at the value of which the number below is nearest to a quantile.
shown as materialized (
  select f.*, rank() over (order by f.share) - 1 as below, count(f.share) over () as n
  from figure f
),
step as materialized (
  select distinct below, n from shown where share is not null
),
cut as materialized (
  select distinct c.below
  from generate_series(1, 4) q
  cross join lateral (
    select s.below, s.n from step s order by abs(s.below * 5 - q * s.n), s.below limit 1
  ) c
  where c.below > 0
)
select concat('{"type":"FeatureCollection","features":[', string_agg(format(
  '{"type":"Feature","id":%1$s,"geometry":%2$s,"properties":{"code":%1$s,"name":%3$s,"fullName":%4$s,"parentCode":%5$s,"value":%6$s,"class":%7$s,"share":%6$s,'
  '"shareLow":%8$s,"shareHigh":%9$s,"guided":%10$s,"gapHouseholds":%11$s,"addresses":%12$s,"teams":%13$s,"members":%14$s,"remote":%15$s,"index":%16$s}}',
  to_json(o.code), coalesce(o.geojson, 'null'), to_json(o.name), to_json(o.full_name), coalesce(to_json(o.parent_code)::text, 'null'), coalesce(o.share::text, 'null'),
  case when o.share is null then 'null' else '   ' || (select count(*) from cut where cut.below <= o.below) end,
  coalesce(o.share_low::text, 'null'), coalesce(o.share_high::text, 'null'), coalesce(o.guided::text, 'null'), coalesce(o.gap_households::text, 'null'),
  o.addresses, o.teams, o.members, case when o.remote then 'true' else 'false' end, coalesce(o.index::text, 'null')), ','), ']}')
from (
  select s.*, a.code as parent_code, r.remote, r.index, g.geojson
  from shown s
  left join unit a on a.province = $1 and a.id = s.parent_id
  left join remoteness r on r.province = $1 and r.unit_id = s.id
  left join polygon_shape g on g.province = $1 and g.polygon_id = s.drawn_id and g.zoom = $3::smallint
  order by s.code
  offset 0
) o
