-- The polygons to generalise: id, WKB.
select id, ST_AsBinary(geometry, 'NDR') from polygon where province = @province order by id
