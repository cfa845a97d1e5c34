-- The place of each of those households, and the one it had.
create temporary table household_place on commit drop as
select d.code, d.old_place_id, case when d.complete then d.address_place_id else p.id end as place_id
from household_declared d
left join place p on not d.complete and p.province = @province and p.covers = d.covers and p.declared = d.declared
