-- What this import touches: units, and what units are to be found by: places and teams.
create temporary table touched_unit (unit_id bigint) on commit drop;
create temporary table touched_place (place_id bigint) on commit drop;
create temporary table touched_team (team_code text collate "C") on commit drop
