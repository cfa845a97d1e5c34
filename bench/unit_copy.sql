-- Answers the units of the store as the rows that a bundle had, their polygons as EWKB.
copy (
  select u.level, u.code, u.name, u.kind, u.parent_level, u.parent_code, lower(u.valid) as valid_from, upper(u.valid) as valid_to, u.population, u.households, p.geometry
  from unit u left join polygon p on p.province = u.province and p.id = u.polygon_id
) to stdout (format csv, header)
