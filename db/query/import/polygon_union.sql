-- Stores those unions as polygons.
insert into polygon (province, digest, geometry, area_km2, label)
select distinct on (digest) @province, digest, geometry, ST_Area(geometry::geography) / 1e6, ST_PointOnSurface(geometry)
from commune_union order by digest
on conflict (province, digest) do nothing
