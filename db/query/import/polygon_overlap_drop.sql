-- The overlaps of the province's polygons, before they are found anew.
delete from polygon_overlap where province = @province
