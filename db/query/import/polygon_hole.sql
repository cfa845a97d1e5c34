-- Parts of units' polygons that none of their children's polygons covers, of at least 100 m2, by days: the km2 and a point inside.
-- Where the children have together the parent's extent and, to 10 m2, its area, and none overlaps another, they tile it,
-- and nothing needs to be cut.
insert into polygon_hole (province, unit_id, level, period, km2, position)
with child as materialized (
  select c.province, c.parent_id, h.level, c.period, p.id as polygon_id
  from unit_period c
  join unit h on h.province = @province and h.id = c.unit_id
  join polygon p on p.province = @province and p.id = h.polygon_id
  where c.province = @province and c.parent_id is not null
), turn as (
  select province, parent_id, level, lower(period) as day from child
  union
  select province, parent_id, level, upper(period) from child where not upper_inf(period)
), span as (
  select t.province, t.parent_id, t.level, p.id as polygon_id, p.geometry, p.area_km2,
    daterange(t.day, lead(t.day) over (partition by t.province, t.parent_id, t.level order by t.day)) as period
  from turn t
  join unit u on u.province = @province and u.id = t.parent_id
  join polygon p on p.province = @province and p.id = u.polygon_id
), suspect as materialized (
  select s.province, s.parent_id, s.level, s.period, s.polygon_id
  from span s
  join child c on c.province = s.province and c.parent_id = s.parent_id and c.level = s.level and c.period && s.period
  join polygon p on p.province = @province and p.id = c.polygon_id
  group by s.province, s.parent_id, s.level, s.period, s.polygon_id
  having abs(sum(p.area_km2) - min(s.area_km2)) > 1e-5
      or abs(min(ST_XMin(p.geometry)) - min(ST_XMin(s.geometry))) > 1e-9 or abs(max(ST_XMax(p.geometry)) - min(ST_XMax(s.geometry))) > 1e-9
      or abs(min(ST_YMin(p.geometry)) - min(ST_YMin(s.geometry))) > 1e-9 or abs(max(ST_YMax(p.geometry)) - min(ST_YMax(s.geometry))) > 1e-9
      or array_agg(p.id) && (select array_agg(o.a) from polygon_overlap o where o.province = @province)
)
select s.province, s.parent_id, s.level, s.period, g.km2, ST_PointOnSurface(g.hole)
from suspect s
join polygon p on p.province = @province and p.id = s.polygon_id
cross join lateral (
  select ST_Union(cp.geometry) as covered
  from child c
  join polygon cp on cp.province = @province and cp.id = c.polygon_id
  where c.province = s.province and c.parent_id = s.parent_id and c.level = s.level and c.period && s.period
) d
cross join lateral (select ST_CollectionExtract(ST_Difference(p.geometry, d.covered), 3) as hole) f
cross join lateral (select f.hole, ST_Area(f.hole::geography) / 1e6 as km2) g
where g.km2 >= 0.0001
