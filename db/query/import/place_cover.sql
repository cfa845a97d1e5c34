-- A digest of the polygons that points have been located in so far.
select coalesce(md5(string_agg(id::text, ',' order by id)), '') from polygon_cover where province = @province
