-- The figures of the touched units are written anew.
delete from remoteness where province = @province and unit_id = any(@touched_units::bigint[])
