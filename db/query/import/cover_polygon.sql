-- The polygons of communes and hamlets, in which points are located: id, WKB.
select p.id, ST_AsBinary(p.geometry, 'NDR')
from polygon_cover c join polygon p on p.province = @province and p.id = c.id
where c.province = @province
