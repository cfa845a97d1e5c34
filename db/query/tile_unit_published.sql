-- Answers a vector tile of the units of a level on a published day and its own boundaries, with what is published of them in households: layers as those of tile_unit.
-- needs: published
with
-- include: tile_drawn
,
wanted as materialized (
  select row_number() over () as asked, d.*, @day::date as day, @boundary::date as boundary
  from drawn d
  where d.geom is not null or d.inside
),
place_figure as materialized (
  select w.asked, w.province, p.guided, p.attempted, p.not_visited, p.ineligible, p.addresses, p.addresses - p.unknown as occupied
  from wanted w
  join published p on p.province = w.province and p.day = w.day and p.unit_id = w.unit_id
),
-- include: figure_of_unit
,
-- include: figure_of_published
,
feature as materialized (
  select w.geom, w.px, w.py, w.inside, w.province, w.code, w.full_name as "fullName", w.name, w.kind, upper(w.level) as level, above.code as "parentCode", above.full_name as "parentName",
    translate(rtrim(encode(convert_to(concat_ws(':', 'unit', w.province, w.level, w.code, lower(w.valid)), 'UTF8'), 'base64'), '='), E'+/\n', '-_') as id,
    t.synthetic, w.derived_support is not null as derived, f.basis, case when f.basis = 'REGISTER' then f.households end as households,
    f.guided, f.attempted, f.not_visited as "notVisited", f.ineligible, f.unknown, f.share, f.share_low as "shareLow", f.share_high as "shareHigh",
    f.gap_households as "gapHouseholds", f.addresses, f.teams, f.members, f.households_per_member as "householdsPerMember"
  from wanted w
  join shown f on f.asked = w.asked
  join dataset t on t.province = w.province
  left join unit above on above.province = w.province and above.id = w.parent_id
)
select (
    select st_asmvt(f, 'units', 4096, 'geom')
    from (
      select geom, id, province, code, name, "fullName", kind, level, "parentCode", "parentName", synthetic, derived, basis, households, guided, attempted, "notVisited", ineligible, unknown, share, "shareLow", "shareHigh",
        "gapHouseholds", addresses, teams, members, "householdsPerMember"
      from feature where geom is not null order by code, province
    ) f
  ) || (
    select st_asmvt(f, 'unit_labels', 4096, 'geom')
    from (
      select st_makepoint(px, py) as geom, id, province, code, name, "fullName", level, "parentCode", share, "gapHouseholds"
      from feature where inside order by code, province
    ) f
  ) as tile
