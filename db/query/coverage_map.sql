-- Answers a map of the units of a level on the boundaries of a day: figures of a day in households, distances in metres, polygons as GeoJSON; and whether the units add up.
-- needs: aggregates
with
-- include: figure_of_scope
,
uptake as (
  select s.asked, sum(coalesce(m.households, 0) + coalesce(d.households, 0))::int as households
  from asked_place s
  join service v on v.province = s.province and v.code = @service::text and v.counted_in = 'household'
-- include: uptake_of_place
  where @service::text <> '' and s.asked is not null
  group by s.asked
),
feature as (
  select w.code, w.name, w.full_name, above.code as parent_code, w.province, t.synthetic,
    f.share, f.share_low, f.share_high, f.guided, f.gap_households, f.addresses, f.teams, f.members, f.households_per_member,
    case when f.basis = 'REGISTER' then k.households::float8 / nullif(f.reachable, 0) end as service_share,
    coalesce(r.remote, false) as remote, r.index, f.apportioned,
    w.derived_support is not null as derived, g.geojson
  from wanted w
  join figure f on f.asked = w.asked
  join dataset t on t.province = w.province
  left join unit above on above.province = w.province and above.id = w.parent_id
  left join remoteness r on r.province = w.province and r.unit_id = w.unit_id
  left join uptake k on k.asked = w.asked
  left join polygon_shape g on g.province = w.province and g.polygon_id = w.drawn_id and g.zoom = @zoom
  where (not @remote_only::boolean or r.remote)
    and (@west::float8 is null or exists (
      select from polygon b
      where b.province = w.province and b.id = w.drawn_id
        and st_intersects(b.geometry, st_makeenvelope(@west, @south::float8, @east::float8, @north::float8, 4326))))
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
