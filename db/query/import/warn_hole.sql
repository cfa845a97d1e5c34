-- Parents whose polygon has parts that none of their children's polygons covers, at least 100 m2, on the bundle's day (else the
-- nearest on which they stand): file, line, column, value, code, message. At the parent's row, or its first child's where only
-- children are in this bundle. Where the children have together the parent's extent and, to 10 m2, its area, and none
-- overlaps another, they tile it, and nothing needs to be cut.
with child as materialized (
  select c.parent_id, h.level, h.id as unit_id, hp.id as polygon_id
  from unit_period c
  join unit h on h.province = @province and h.id = c.unit_id
  join unit q on q.province = @province and q.id = c.parent_id
  join polygon hp on hp.province = @province and hp.id = h.polygon_id
  where c.province = @province and c.period @> least(greatest(@as_of::date, lower(q.valid)), coalesce(upper(q.valid) - 1, 'infinity'))
), suspect as (
  select c.parent_id, c.level, p.id as polygon_id
  from child c
  join unit u on u.province = @province and u.id = c.parent_id
  join polygon p on p.province = @province and p.id = u.polygon_id
  join polygon hp on hp.province = @province and hp.id = c.polygon_id
  group by c.parent_id, c.level, p.id
  having abs(sum(hp.area_km2) - min(p.area_km2)) > 1e-5
      or abs(min(ST_XMin(hp.geometry)) - min(ST_XMin(p.geometry))) > 1e-9 or abs(max(ST_XMax(hp.geometry)) - min(ST_XMax(p.geometry))) > 1e-9
      or abs(min(ST_YMin(hp.geometry)) - min(ST_YMin(p.geometry))) > 1e-9 or abs(max(ST_YMax(hp.geometry)) - min(ST_YMax(p.geometry))) > 1e-9
      or array_agg(hp.id) && (select array_agg(a) from polygon_overlap)
), hole as (
  select s.parent_id, s.level, ST_Area(ST_Difference(p.geometry, d.covered)::geography) / 1e6 as km2
  from suspect s
  join polygon p on p.province = @province and p.id = s.polygon_id
  cross join lateral (
    select ST_Union(hp.geometry) as covered from child c join polygon hp on hp.province = @province and hp.id = c.polygon_id
    where c.parent_id = s.parent_id and c.level = s.level
  ) d
)
select coalesce(s.file, k.file), coalesce(s.line, k.line), 'geometry', u.code, 'hole',
       format('the polygons of its %ss leave %s km2 of %s %s uncovered; draw the missing part', h.level, round(h.km2::numeric, 4), u.level, u.code)
from hole h
join unit u on u.province = @province and u.id = h.parent_id
left join stage_units s on s.level = u.level and s.code = u.code and s.valid_from = lower(u.valid)
left join lateral (
  select k.file, k.line from child c
  join unit ku on ku.province = @province and ku.id = c.unit_id
  join stage_units k on k.level = ku.level and k.code = ku.code and k.valid_from = lower(ku.valid)
  where c.parent_id = h.parent_id and c.level = h.level order by k.file, k.line limit 1
) k on s.file is null
where h.km2 >= 0.0001 and (s.file is not null or k.file is not null)
order by 1, 2, h.level
