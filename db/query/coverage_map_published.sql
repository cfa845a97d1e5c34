-- Answers a map of the units of a level on a published day and its own boundaries: published figures in households, polygons as GeoJSON; and what lies in none of the units.
-- needs: published
with
-- include: unit_of_scope
,
-- include: published_of_scope
,
-- include: figure_of_unit
,
-- include: figure_of_published
,
feature as (
  select w.code, w.name, w.full_name, above.code as parent_code, w.province, t.synthetic,
    f.share, f.share_low, f.share_high, f.guided, f.gap_households, f.addresses, f.teams, f.members, f.households_per_member,
    null::float8 as service_share, null::boolean as remote, null::float8 as index, null::float8 as apportioned,
    w.derived_support is not null as derived, g.geojson
  from wanted w
  join shown f on f.asked = w.asked
  join dataset t on t.province = w.province
  left join unit above on above.province = w.province and above.id = w.parent_id
  left join polygon_shape g on g.province = w.province and g.polygon_id = w.drawn_id and g.zoom = @zoom
  where @west::float8 is null or exists (
    select from polygon b
    where b.province = w.province and b.id = w.drawn_id
      and st_intersects(b.geometry, st_makeenvelope(@west, @south::float8, @east::float8, @north::float8, 4326)))
)
select
  (select coalesce(sum(guided + attempted + not_visited + ineligible), 0) from place_figure) as total,
  (select coalesce(sum(households), 0) from figure) as sum_of_units,
  (select coalesce(sum(guided + attempted + not_visited + ineligible), 0) from place_figure where asked is null) as unassigned,
  (select coalesce(string_agg(province || '-' || snapshot, ' ' order by province), '') from dataset) as snapshot,
  e.*
from (select) as one
left join feature e on true
order by e.code, e.province
