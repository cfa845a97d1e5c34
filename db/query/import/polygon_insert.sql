-- Stores each distinct polygon that is not there yet: geodesic area in km2, a point inside for labels.
insert into polygon (province, digest, geometry, area_km2, label)
select @province, digest, geometry, ST_Area(geometry::geography) / 1e6, ST_PointOnSurface(geometry)
from (select distinct on (digest) digest, geometry from stage_polygon g
      where exists (select from stage_units s where s.file = g.file and s.line = g.line)
      order by digest) g
on conflict (province, digest) do nothing
