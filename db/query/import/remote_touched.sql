-- The units that places have ever lain in.
select distinct e.unit_id
from place_period p
cross join lateral unnest(array[p.province_id, p.district_id, p.commune_id, p.hamlet_id]) as e (unit_id)
where p.province = @province and p.place_id = any(@places::bigint[]) and e.unit_id is not null
