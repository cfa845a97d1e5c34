-- The households whose uptake of services may change: new, changed and erased rows, those that move, and those whose adoptions change.
-- Those whose statuses may change: all but the last, and those whose visits change.
create temporary table touched_row on commit drop as
select code from change_household
union
select code from erased_household
union
select code from household_place where old_place_id <> place_id;
create temporary table touched_uptake on commit drop as
select code from touched_row
union
select household_code from change_adoption;
create temporary table touched_household on commit drop as
select code from touched_row
union
select household_code from change_visit
