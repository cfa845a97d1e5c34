-- No household's place changes.
create temporary table household_place (code text collate "C", old_place_id bigint, place_id bigint) on commit drop
