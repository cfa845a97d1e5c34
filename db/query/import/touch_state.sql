-- What is said of the units and where things lie, a digest a row with the units that the row is about.
select array[u.id] as units, md5('unit' || u::text)::uuid as digest
from unit u where u.province = @province
union all
select array[c.unit_id, c.parent_id, c.province_id, c.district_id, c.commune_id, c.hamlet_id], md5('period' || c::text)::uuid
from unit_period c where c.province = @province
union all
select array[h.unit_id, h.heir_id], md5('heir' || h::text)::uuid
from unit_heir h where h.province = @province
union all
select array[o.unit_id, o.origin_id], md5('origin' || o::text)::uuid
from unit_origin o where o.province = @province
union all
select array[p.province_id, p.district_id, p.commune_id, p.hamlet_id], md5('place' || p::text)::uuid
from place_period p where p.province = @province
union all
select array[t.unit_id, t.province_id, t.district_id, t.commune_id, t.hamlet_id], md5('team' || t::text)::uuid
from team_period t where t.province = @province
union all
select array[r.unit_id], md5('remoteness' || row(r.unit_id, r.index, r.remote, r.service_distance_metres, r.team_distance_metres,
                                                 r.addresses_per_km2, r.designated, r.addresses)::text)::uuid
from remoteness r where r.province = @province
