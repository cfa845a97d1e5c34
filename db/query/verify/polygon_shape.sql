-- Every polygon has its shape at every zoom band and in full detail, and every shape is a GeoJSON polygon.
select 'polygon ' || p.id || ' has ' || count(s.zoom) || ' shapes of ' || (select count(distinct zoom) from polygon_shape where province = @province)
from polygon p left join polygon_shape s on s.province = @province and s.polygon_id = p.id
where p.province = @province
group by p.id
having count(s.zoom) <> (select count(distinct zoom) from polygon_shape where province = @province) or count(s.zoom) = 0
union all
select 'shape of no polygon ' || polygon_id from polygon_shape s
where s.province = @province and not exists (select from polygon p where p.province = @province and p.id = s.polygon_id)
union all
select 'shape of polygon ' || polygon_id || ' at zoom ' || zoom || ' can not be drawn'
from polygon_shape s
where s.province = @province and s.zoom in (4, 9, 99) and (s.geojson !~ '^\{"type":"(Multi)?Polygon"' or not ST_IsValid(ST_GeomFromGeoJSON(s.geojson)) or ST_IsEmpty(ST_GeomFromGeoJSON(s.geojson)))
