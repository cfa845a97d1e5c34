-- Polygons of one level that overlap on a common day by at least 100 m2: file, line, column, value, code, message.
select s.file, s.line, 'geometry', format('%s/%s', a.code, b.code), 'overlap',
       format('%s %s and %s overlap by %s km2; redraw their common border', a.level, a.code, b.code, round(area.km2::numeric, 4))
from unit a
join unit b on b.province = @province and b.level = a.level and b.valid && a.valid and (a.code, a.id) < (b.code, b.id)
join polygon pa on pa.province = @province and pa.id = a.polygon_id
join polygon pb on pb.province = @province and pb.id = b.polygon_id
join stage_units s on s.level = a.level and s.code = a.code and s.valid_from = lower(a.valid)
cross join lateral (
  select case when pa.geometry && pb.geometry and ST_Relate(pa.geometry, pb.geometry, '2********')
              then ST_Area(ST_Intersection(pa.geometry, pb.geometry)::geography) / 1e6 end as km2
) area
where a.province = @province and pa.geometry && pb.geometry and area.km2 >= 0.0001
order by s.file, s.line, b.code
