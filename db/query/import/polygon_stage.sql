-- The staged units' polygons in EPSG:4326, with what they were before repair; a digest tells equal ones, in whatever order their
-- rings and points are written.
create temporary table stage_polygon on commit drop as
select s.file, s.line, s.level, s.code, s.valid_from, g.broken, g.geometry, md5(ST_AsEWKB(ST_Normalize(g.geometry)))::uuid as digest
from stage_units s
cross join lateral (select TRANSFORMED as raw) r
cross join lateral (
  select case when not v.valid then ST_IsValidReason(raw) end as broken,
         ST_Multi(case when v.valid then raw else ST_CollectionExtract(ST_MakeValid(raw, 'method=structure keepcollapsed=false'), 3) end) as geometry
  from (select ST_IsValid(raw) as valid offset 0) v
) g
where s.geometry is not null
