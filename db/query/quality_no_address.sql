-- part: the cases of no_address: households on the register on @day without an address; without a position, because it is personal
select h.province, 'households' as table_name, h.code as identity, p.unit_id,
  null::float8 as longitude, null::float8 as latitude, array[h.hamlet_code, h.commune_code]::text[] as facts
from scope_place p
join household h on h.province = p.province and h.place_id = p.place_id
where h.address_code is null and h.registered_on <= @day and (h.ended_on is null or h.ended_on > @day)
