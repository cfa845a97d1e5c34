-- The place of each point.
create temporary table located (scheme text collate "C", code text collate "C", old_place_id bigint, place_id bigint) on commit drop
