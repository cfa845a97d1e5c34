-- part: drawn: the polygons of the units of @level on @boundary that meet a tile, and where in it a point inside of each is
drawn as materialized (
  select u.province, u.id as unit_id, u.level, u.code, u.name, u.full_name, u.kind, u.valid, u.derived_support, i.parent_id, k.px, k.py, k.inside,
    st_asmvtgeom(st_transform(st_geomfromgeojson(s.geojson), 3857), st_tileenvelope(@z::int, @x::int, @y::int), 4096, 64) as geom
  from polygon g
  join unit u on u.province = g.province and u.drawn_id = g.id and u.level = @level::text and u.valid @> @boundary::date
  join unit_period i on i.province = u.province and i.unit_id = u.id and i.period @> @boundary
  left join polygon_shape s on s.province = g.province and s.polygon_id = g.id and s.zoom = @band::int
  cross join lateral (select g.label as point) p
-- include: tile_pixel
  where g.province = any(array(select s.province from dataset s where @province::text in ('', s.province)))
    and g.geometry && st_makeenvelope(@west::float8, @south::float8, @east::float8, @north::float8, 4326)
    and (@within::bigint = 0 or case @within_level::text when 'hamlet' then i.hamlet_id when 'commune' then i.commune_id
      when 'district' then i.district_id else i.province_id end = @within)
)
