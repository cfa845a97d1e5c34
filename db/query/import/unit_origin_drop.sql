-- The origins of all units are written anew.
delete from unit_origin where province = @province
