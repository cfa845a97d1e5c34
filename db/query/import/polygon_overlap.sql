-- Polygons that two units of one level have on a common day and that overlap, with the km2. Each pair is looked at once,
-- however many units of however many times have them.
create temporary table polygon_overlap on commit drop as
with near as materialized (
  select pa.id as a, pb.id as b from polygon pa join polygon pb on pb.province = @province and pb.geometry && pa.geometry and pb.id >= pa.id
  where pa.province = @province
), pair as materialized (
  select distinct n.a, n.b
  from near n
  join unit ua on ua.province = @province and ua.polygon_id = n.a
  join unit ub on ub.province = @province and ub.polygon_id = n.b and ub.level = ua.level and ub.valid && ua.valid and ub.id <> ua.id
)
select r.a, r.b, ST_Area(ST_Intersection(pa.geometry, pb.geometry)::geography) / 1e6 as km2
from pair r
join polygon pa on pa.province = @province and pa.id = r.a
join polygon pb on pb.province = @province and pb.id = r.b
where r.a = r.b or ST_Relate(pa.geometry, pb.geometry, '2********')
