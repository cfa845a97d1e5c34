-- The shapes are drawn anew.
delete from polygon_shape where province = @province
