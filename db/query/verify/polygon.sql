-- Every polygon is valid, not empty, in Vietnam, of its area, labelled inside, and some unit's.
select 'polygon ' || p.id || ' of ' || coalesce((select string_agg(level || ' ' || code, ', ') from unit u where u.province = @province and p.id in (u.polygon_id, u.drawn_id)), 'no unit')
from polygon p
where p.province = @province and (
  not ST_IsValid(p.geometry) or ST_IsEmpty(p.geometry) or ST_XMin(p.geometry) < 102 or ST_XMax(p.geometry) > 118 or ST_YMin(p.geometry) < 6 or ST_YMax(p.geometry) > 24
  or abs(p.area_km2 - ST_Area(p.geometry::geography) / 1e6) > 1e-6 * p.area_km2 or not ST_Covers(p.geometry, p.label)
  or not exists (select from unit u where u.province = @province and p.id in (u.polygon_id, u.drawn_id)))
