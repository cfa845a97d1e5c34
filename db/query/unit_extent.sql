-- Answers where units lie: a point inside and the envelope in degrees, the area in km².
-- needs: published
select u.province, u.id, st_x(g.label) as longitude, st_y(g.label) as latitude,
  st_xmin(g.geometry) as west, st_ymin(g.geometry) as south, st_xmax(g.geometry) as east, st_ymax(g.geometry) as north, g.area_km2
from unnest(@provinces::text[], @ids::bigint[]) as a (province, id)
join unit u on u.province = a.province and u.id = a.id
join polygon g on g.province = u.province and g.id = u.drawn_id
where u.province = any(@provinces::text[])
