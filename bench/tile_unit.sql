-- Answers the vector tile $4/$5/$6 of all hamlets of a province ($1) on a day ($2) at a zoom band ($3): the least that PostgreSQL can do for the same bytes. $7 to $10 are the tile's envelope with its margin, degrees.
with
shown as materialized (
  select u.id as unit_id, u.code, u.name, u.full_name, u.kind, u.valid, u.derived_support, i.parent_id, k.px, k.py,
    st_asmvtgeom(st_transform(st_geomfromgeojson(s.geojson), 3857), st_tileenvelope($4::int, $5::int, $6::int), 4096, 64) as geom
  from polygon g
  join unit u on u.province = $1 and u.drawn_id = g.id and u.level = 'hamlet' and u.valid @> $2::date
  join unit_period i on i.province = $1 and i.unit_id = u.id and i.period @> $2
  left join polygon_shape s on s.province = $1 and s.polygon_id = g.id and s.zoom = $3::int
  cross join lateral (
    select floor((st_x(g.label) + 180) / 360 * (4096 * 2 ^ $4))::bigint - 4096 * $5::bigint as px,
      floor((0.5 - asinh(tan(radians(st_y(g.label)))) / (2 * pi())) * (4096 * 2 ^ $4))::bigint - 4096 * $6::bigint as py
  ) k
  where g.province = $1::text and g.geometry && st_makeenvelope($7::float8, $8::float8, $9::float8, $10::float8, 4326)
),
hamlet as materialized (
  select * from shown where geom is not null or px between 0 and 4095 and py between 0 and 4095
),
register as (
  select h.unit_id as hamlet_id,
    sum(coalesce(m.guided, 0) + coalesce(d.guided, 0)) as guided,
    sum(coalesce(m.attempted, 0) + coalesce(d.attempted, 0)) as attempted,
    sum(coalesce(m.not_visited, 0) + coalesce(d.not_visited, 0)) as not_visited,
    sum(coalesce(m.ineligible, 0) + coalesce(d.ineligible, 0)) as ineligible,
    sum(p.addresses) as addresses,
    sum(p.addresses - coalesce(m.occupied, 0) - coalesce(d.occupied, 0)) as unknown,
    max(v.visited_on) as visited_on
  from hamlet h
  join place_period i on i.province = $1 and i.hamlet_id = h.unit_id and i.period @> $2
  join place p on p.province = $1 and p.id = i.place_id
  left join lateral (
    select m.guided, m.attempted, m.not_visited, m.ineligible, m.occupied
    from place_month m
    where m.province = $1 and m.place_id = i.place_id and m.month < date_trunc('month', $2::date)::date
    order by m.month desc
    limit 1
  ) m on true
  left join lateral (
    select sum(d.guided)::int as guided, sum(d.attempted)::int as attempted, sum(d.not_visited)::int as not_visited,
      sum(d.ineligible)::int as ineligible, sum(d.occupied)::int as occupied
    from place_day d
    where d.province = $1 and d.place_id = i.place_id and d.day between date_trunc('month', $2::date)::date and $2::date
  ) d on true
  left join lateral (
    select v.visited_on
    from place_visit v
    where v.province = $1 and v.place_id = i.place_id and v.visited_on <= $2 and v.from_on <= $2 and $2 < v.to_on
    order by v.visited_on desc
    limit 1
  ) v on true
  group by h.unit_id
),
staff as (
  select t.hamlet_id, count(*) as teams, sum(m.members) as members
  from (
    select distinct hamlet_id, team_code from team_period where province = $1 and kind = 'cnscd' and period @> $2 and hamlet_id is not null
  ) t
  left join (select team_code, count(*)::int as members from member where province = $1 and joined @> $2 group by team_code) m on m.team_code = t.team_code
  group by t.hamlet_id
),
counted as (
  select h.*, k.households, k.reachable, coalesce(s.teams, 0)::int as teams, coalesce(s.members, 0)::int as members, coalesce(g.addresses, 0)::int as addresses,
    g.guided, g.attempted, g.not_visited, g.ineligible, coalesce(g.unknown, 0)::int as unknown, g.visited_on, r.value as reported, r.share as reported_share
  from hamlet h
  left join register g on g.hamlet_id = h.unit_id
  left join staff s on s.hamlet_id = h.unit_id
  cross join lateral (
    select coalesce(g.guided + g.attempted + g.not_visited + g.ineligible, 0)::int as households, coalesce(g.guided + g.attempted + g.not_visited, 0)::int as reachable
  ) k
  left join lateral (
    select r.value, r.share
    from report r
    where k.households = 0 and r.province = $1 and r.level = 'hamlet' and r.unit_code = h.code and r.measure = 'households_guided'
      and r.as_of <= $2 and h.valid @> r.as_of
    order by r.as_of desc, r.source
    limit 1
  ) r on true
),
figure as materialized (
  select c.*, case when households > 0 then 'REGISTER' when reported is not null then 'REPORT' else 'NONE' end as basis,
    case when households > 0 then guided::float8 / nullif(reachable, 0) else reported_share end as share,
    case when households > 0 then (attempted + not_visited + c.unknown)::int when reported is null then nullif(addresses, 0) end as gap_households,
    case when households > 0 then reachable::float8 / nullif(members, 0) end as per_member
  from counted c
),
feature as materialized (
  select f.*, above.code as parent_code, above.full_name as parent_name, t.synthetic, coalesce(r.remote, false) as remote, r.index,
    translate(rtrim(encode(convert_to('unit:' || $1 || ':hamlet:' || f.code || ':' || lower(f.valid), 'UTF8'), 'base64'), '='), E'+/\n', '-_') as id,
    array_remove(array[
      case when f.teams = 0 then 'NO_TEAM' end,
      case when f.addresses > 0 and f.households = 0 then 'NOT_REGISTERED' end,
      case when f.households > 0 and f.visited_on is null then 'NEVER_VISITED' end,
      case when f.share < 0.7 then 'BELOW_TARGET' end,
      case when r.team_distance_metres > 3000 then 'OUT_OF_REACH' end,
      case when f.per_member > 50 then 'OVERLOADED' end,
      case when f.visited_on <= ($2 - interval '6 months')::date then 'STALE' end
    ], null) as reasons
  from figure f
  join dataset t on t.province = $1
  left join unit above on above.province = $1 and above.id = f.parent_id
  left join remoteness r on r.province = $1 and r.unit_id = f.unit_id
)
select (
    select st_asmvt(f, 'units', 4096, 'geom')
    from (
      select geom, id, $1 as province, code, name, full_name as "fullName", kind, 'HAMLET' as level, parent_code as "parentCode", parent_name as "parentName", synthetic, derived_support is not null as derived, basis,
        nullif(households, 0) as households, case when households > 0 then guided else round(reported) end::int as guided, case when households > 0 then attempted end::int as attempted,
        case when households > 0 then not_visited end::int as "notVisited", case when households > 0 then ineligible end::int as ineligible,
        case when households > 0 then unknown else addresses end as unknown, share, case when households > 0 then guided::float8 / nullif(reachable + unknown, 0) end as "shareLow",
        case when households > 0 then (guided + unknown)::float8 / nullif(reachable + unknown, 0) end as "shareHigh", gap_households as "gapHouseholds", addresses, teams, members, per_member as "householdsPerMember",
        null::float8 as apportioned, remote, index, gap_households * (1 + coalesce(index, 0)) as priority, null::float8 as "serviceShare", visited_on::text as "lastVisitOn",
        gap_households >= 1 and reasons <> '{}' as gap, case when gap_households >= 1 then nullif(array_to_string(reasons, ','), '') end as reasons
      from feature where geom is not null order by code
    ) f
  ) || (
    select st_asmvt(f, 'unit_labels', 4096, 'geom')
    from (
      select st_makepoint(px, py) as geom, id, $1 as province, code, name, full_name as "fullName", 'HAMLET' as level, parent_code as "parentCode", share, gap_households as "gapHouseholds", remote,
        gap_households >= 1 and reasons <> '{}' as gap
      from feature where px between 0 and 4095 and py between 0 and 4095 order by code
    ) f
  )
