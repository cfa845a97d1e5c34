-- The households whose facts change: all of the first import.
create temporary table touched_household on commit drop as select code from change_household
