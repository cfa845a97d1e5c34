-- Answers a vector tile of the units of a level on the boundaries of a day, with their coverage on a day in households: layer units has the polygons as generalised for the zoom, layer unit_labels a point inside of each.
-- needs: aggregates
with
-- include: tile_drawn
,
wanted as materialized (
  select row_number() over () as asked, d.*, @day::date as day, @boundary::date as boundary
  from drawn d
  where d.geom is not null or d.inside
),
asked_place as materialized (
  select w.asked, p.province, p.id as place_id, @day::date as day, p.addresses
  from wanted w
  join place_period i on i.province = w.province and i.period @> @boundary
    and case @level when 'hamlet' then i.hamlet_id when 'commune' then i.commune_id when 'district' then i.district_id else i.province_id end = w.unit_id
  join place p on p.province = i.province and p.id = i.place_id
),
-- include: figure_of_place
,
-- include: figure_of_unit
,
-- include: last_visit_of_unit
,
uptake as (
  select s.asked, sum(coalesce(m.households, 0) + coalesce(d.households, 0))::int as households
  from asked_place s
  join service v on v.province = s.province and v.code = @service::text and v.counted_in = 'household'
-- include: uptake_of_place
  where @service <> ''
  group by s.asked
),
feature as materialized (
  select w.geom, w.px, w.py, w.inside, w.province, w.code, w.full_name as "fullName", w.name, w.kind, upper(w.level) as level, above.code as "parentCode", above.full_name as "parentName",
    translate(rtrim(encode(convert_to(concat_ws(':', 'unit', w.province, w.level, w.code, lower(w.valid)), 'UTF8'), 'base64'), '='), E'+/\n', '-_') as id,
    t.synthetic, w.derived_support is not null as derived, f.basis, case when f.basis = 'REGISTER' then f.households end as households,
    f.guided, f.attempted, f.not_visited as "notVisited", f.ineligible, f.unknown, f.share, f.share_low as "shareLow", f.share_high as "shareHigh",
    f.gap_households as "gapHouseholds", f.addresses, f.teams, f.members, f.households_per_member as "householdsPerMember", f.apportioned,
    coalesce(r.remote, false) as remote, r.index, f.gap_households * (1 + coalesce(r.index, 0)) as priority,
    case when f.basis = 'REGISTER' then c.households::float8 / nullif(f.reachable, 0) end as "serviceShare", v.visited_on::text as "lastVisitOn",
    case when w.level = 'hamlet' and @gaps::boolean then f.gap_households >= @min_gap_households::int and cardinality(g.reasons) > 0 end as gap,
    case when w.level = 'hamlet' and f.gap_households >= @min_gap_households and @gaps then nullif(array_to_string(g.reasons, ','), '') end as reasons
  from wanted w
  join figure f on f.asked = w.asked
  join dataset t on t.province = w.province
  left join unit above on above.province = w.province and above.id = w.parent_id
  left join remoteness r on r.province = w.province and r.unit_id = w.unit_id
  left join last_visit v on v.asked = w.asked
  left join uptake c on c.asked = w.asked
  cross join lateral (
    select
-- include: gap_reason
    as reasons
    offset 0 -- once, though it is used twice
  ) g
)
select (
    select st_asmvt(f, 'units', 4096, 'geom')
    from (
      select geom, id, province, code, name, "fullName", kind, level, "parentCode", "parentName", synthetic, derived, basis, households, guided, attempted, "notVisited", ineligible, unknown, share, "shareLow", "shareHigh",
        "gapHouseholds", addresses, teams, members, "householdsPerMember", apportioned, remote, index, priority, "serviceShare", "lastVisitOn", gap, reasons
      from feature where geom is not null order by code, province
    ) f
  ) || (
    select st_asmvt(f, 'unit_labels', 4096, 'geom')
    from (
      select st_makepoint(px, py) as geom, id, province, code, name, "fullName", level, "parentCode", share, "gapHouseholds", remote, gap
      from feature where inside order by code, province
    ) f
  ) as tile
