-- Answers a vector tile of gap areas, handed in with their hulls (GeoJSON) and centres (degrees): layer gap_areas has the hulls, layer gap_area_labels the centres.
-- needs: decisions
with feature as materialized (
  select k.*, a.id, a.households, a.hamlets,
    st_asmvtgeom(st_transform(st_geomfromgeojson(a.hull), 3857), st_tileenvelope(@z::int, @x::int, @y::int), 4096, 64) as geom
  from unnest(@ids::text[], @households::int[], @hamlets::text[], @hulls::text[], @longitudes::float8[], @latitudes::float8[])
    as a (id, households, hamlets, hull, longitude, latitude)
  cross join lateral (select st_makepoint(a.longitude, a.latitude) as point) p
-- include: tile_pixel
)
select (
    select st_asmvt(f, 'gap_areas', 4096, 'geom')
    from (select geom, id, households, hamlets from feature where geom is not null order by id) f
  ) || (
    select st_asmvt(f, 'gap_area_labels', 4096, 'geom')
    from (select st_makepoint(px, py) as geom, id, households from feature where inside order by id) f
  ) as tile
