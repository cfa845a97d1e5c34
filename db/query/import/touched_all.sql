-- The households whose statuses change, and those whose uptake does: all of the first import.
create temporary table touched_household on commit drop as select code from change_household;
create temporary table touched_uptake on commit drop as select code from change_household
