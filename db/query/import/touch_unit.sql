-- Touches units.
insert into touched_unit select unnest(@touched_units::bigint[])
