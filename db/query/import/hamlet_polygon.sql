-- The derived polygons as they are stored, a few repaired where doubles can't hold them.
create temporary table hamlet_polygon on commit drop as
select target, support, geometry, md5(ST_AsEWKB(ST_Normalize(geometry)))::uuid as digest
from (
  select target, support, ST_Multi(case when ST_IsValid(raw) then raw else ST_CollectionExtract(ST_MakeValid(raw, 'method=structure keepcollapsed=false'), 3) end) as geometry
  from (select target, support, ST_GeomFromWKB(geometry, 4326) as raw from hamlet_drawn) d
) g
where not ST_IsEmpty(geometry)
