-- Stores each of them that is not there yet: geodesic area in km2, a point inside for labels.
insert into polygon (province, digest, geometry, area_km2, label)
select distinct on (digest) @province, digest, geometry, ST_Area(geometry::geography) / 1e6, ST_PointOnSurface(geometry)
from hamlet_polygon order by digest
on conflict (province, digest) do nothing
