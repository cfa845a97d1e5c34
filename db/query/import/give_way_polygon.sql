-- Stores those polygons: geodesic area in km2, a point inside for labels.
insert into polygon (province, digest, geometry, area_km2, label)
select distinct on (digest) @province, digest, geometry, ST_Area(geometry::geography) / 1e6, ST_PointOnSurface(geometry)
from (select geometry, md5(ST_AsEWKB(ST_Normalize(geometry)))::uuid as digest from give_way where not ST_IsEmpty(geometry)) g
order by digest
on conflict (province, digest) do nothing
