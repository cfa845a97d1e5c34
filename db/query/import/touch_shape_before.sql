-- How the polygons have been drawn so far.
create temporary table shape_before on commit drop as
select polygon_id, zoom, md5(geojson)::uuid as digest from polygon_shape where province = @province
