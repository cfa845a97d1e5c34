-- A province's extent is that of all its polygons.
select format('extent %s %s %s %s, polygons %s', d.west, d.south, d.east, d.north, e.box)
from dataset d cross join (select ST_Extent(geometry) as box from polygon where province = @province) e
where d.province = @province and (d.west, d.south, d.east, d.north) is distinct from (ST_XMin(e.box), ST_YMin(e.box), ST_XMax(e.box), ST_YMax(e.box))
