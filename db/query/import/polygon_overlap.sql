-- Polygons that two units of one level have on a common day and that overlap, with the km2 and a point in the overlap. Each
-- pair is looked at once, however many units of however many times have them.
insert into polygon_overlap (province, a, b, km2, position)
with near as materialized (
  select pa.province, pa.id as a, pb.id as b
  from polygon pa
  join polygon pb on pb.province = @province and pb.geometry && pa.geometry and pb.id >= pa.id
  where pa.province = @province
), pair as materialized (
  select distinct n.province, n.a, n.b
  from near n
  join unit ua on ua.province = @province and ua.polygon_id = n.a
  join unit ub on ub.province = @province and ub.polygon_id = n.b and ub.level = ua.level and ub.valid && ua.valid and ub.id <> ua.id
)
select r.province, r.a, r.b, ST_Area(i.common::geography) / 1e6, ST_PointOnSurface(i.common)
from pair r
join polygon pa on pa.province = @province and pa.id = r.a
join polygon pb on pb.province = @province and pb.id = r.b
cross join lateral (select ST_CollectionExtract(ST_Intersection(pa.geometry, pb.geometry), 3) as common) i
where (r.a = r.b or ST_Relate(pa.geometry, pb.geometry, '2********')) and not ST_IsEmpty(i.common)
