-- The hamlets that are drawn by derived polygons: id.
select id from unit where province = @province and level = 'hamlet' and derived_support is not null
