-- The holes of the province's units, before they are found anew.
delete from polygon_hole where province = @province
