-- Touches the units of which something else is said than before.
insert into touched_unit
select distinct e.unit_id
from (
  (select units, digest from state_before except select units, digest from state_after)
  union all
  (select units, digest from state_after except select units, digest from state_before)
) d
cross join lateral unnest(d.units) as e (unit_id)
where e.unit_id is not null
