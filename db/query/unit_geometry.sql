-- Answers the polygons of units as GeoJSON, generalised for a zoom band (99: full detail).
-- needs: published
select u.province, u.id, s.geojson
from unnest(@provinces::text[], @ids::bigint[]) as a (province, id)
join unit u on u.province = a.province and u.id = a.id
join polygon_shape s on s.province = u.province and s.polygon_id = u.drawn_id and s.zoom = @zoom
where u.province = any(@provinces::text[])
