-- Polygons of one level that overlap on a common day by at least 100 m2: file, line, column, value, code, message.
-- Each pair of polygons is looked at once, however many units of however many times have them.
with near as materialized (
  select pa.id as a, pb.id as b from polygon pa join polygon pb on pb.province = @province and pb.geometry && pa.geometry and pb.id >= pa.id
  where pa.province = @province
), pair as materialized (
  select distinct n.a, n.b
  from near n
  join unit ua on ua.province = @province and ua.polygon_id = n.a
  join unit ub on ub.province = @province and ub.polygon_id = n.b and ub.level = ua.level and ub.valid && ua.valid and ub.id <> ua.id
), overlap as materialized (
  select r.a, r.b, ST_Area(ST_Intersection(pa.geometry, pb.geometry)::geography) / 1e6 as km2
  from pair r
  join polygon pa on pa.province = @province and pa.id = r.a
  join polygon pb on pb.province = @province and pb.id = r.b
  where r.a = r.b or ST_Relate(pa.geometry, pb.geometry, '2********')
)
select s.file, s.line, 'geometry', format('%s/%s', a.code, b.code), 'overlap',
       format('%s %s and %s overlap by %s km2; redraw their common border', a.level, a.code, b.code, round(o.km2::numeric, 4))
from overlap o
join unit ua on ua.province = @province and ua.polygon_id = o.a
join unit ub on ub.province = @province and ub.polygon_id = o.b and ub.level = ua.level and ub.valid && ua.valid and (o.a <> o.b or ub.id > ua.id)
cross join lateral (select least(ua.id, ub.id) as first, greatest(ua.id, ub.id) as second) i
join unit a on a.province = @province and a.id = i.first
join unit b on b.province = @province and b.id = i.second
join stage_units s on s.level = a.level and s.code = a.code and s.valid_from = lower(a.valid)
where o.km2 >= 0.0001
order by s.file, s.line, b.code
