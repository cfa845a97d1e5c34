-- A drawn polygon always wins: the staged geometries that were derived, of hamlets that have been drawn in the store, are let go.
delete from stage_polygon g using stage_units s, unit u
where s.file = g.file and s.line = g.line and s.derived_from is not null
  and u.province = @province and u.level = s.level and u.code = s.code and lower(u.valid) = s.valid_from
  and u.polygon_id is not null and u.derived_support is null
