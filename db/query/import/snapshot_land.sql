-- Writes down the snapshot and the units it touched, with all that these have ever lain in; where they are too many to be of use, or
-- everything is new, that any may be touched.
with recursive seed as (
  select unit_id from touched_unit
  union
  select e.unit_id
  from place_period p
  cross join lateral unnest(array[p.province_id, p.district_id, p.commune_id, p.hamlet_id]) as e (unit_id)
  where p.province = @province and p.place_id in (select place_id from touched_place)
), touched as (
  select unit_id from seed where unit_id is not null
  union
  select e.unit_id
  from touched t
  join unit_period c on c.province = @province and c.unit_id = t.unit_id
  cross join lateral unnest(array[c.province_id, c.district_id, c.commune_id, c.hamlet_id]) as e (unit_id)
  where e.unit_id is not null
), judged as materialized (
  select not @everything and count(*) <= @most as complete from touched
), landed as (
  insert into snapshot (province, number, as_of, landed_at, complete)
  select @province, @number, @as_of, @now, complete from judged
)
insert into snapshot_unit (province, number, unit_id)
select @province, @number, t.unit_id from touched t cross join judged j where j.complete
