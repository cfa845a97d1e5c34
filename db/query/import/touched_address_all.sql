-- The addresses that change: all of the first import.
create temporary table touched_address on commit drop as select scheme, code from change_address
