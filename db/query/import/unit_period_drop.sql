-- The chains of all units are written anew.
delete from unit_period where province = @province
