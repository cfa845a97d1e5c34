-- The touched places.
select distinct place_id from touched_place
