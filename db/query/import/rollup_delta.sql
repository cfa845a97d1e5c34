-- What the roll-ups change by: per place and day (statuses, occupied addresses), cell and day (addresses by status), visit day, service and day, and addresses by cell; and what cells are afterwards.
create temporary table delta_day (place_id bigint, day date, guided integer, attempted integer, not_visited integer, ineligible integer, occupied integer) on commit drop;
create temporary table delta_visit (place_id bigint, visited_on date, from_on date, to_on date, visits integer) on commit drop;
create temporary table delta_service (place_id bigint, service_code text collate "C", day date, households integer) on commit drop;
create temporary table delta_cell (place_id bigint, x integer, y integer, day date, guided integer, attempted integer, not_visited integer, ineligible integer, occupied integer) on commit drop;
create temporary table delta_address (place_id bigint, x integer, y integer, addresses integer, household_addresses integer, px bigint, py bigint) on commit drop;
create temporary table cell_after (place_id bigint, x integer, y integer, days date[], guided integer[], attempted integer[], not_visited integer[], ineligible integer[], occupied integer[]) on commit drop
