-- The heirs of all units are written anew.
delete from unit_heir where province = @province
