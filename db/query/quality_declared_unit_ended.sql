-- part: the cases of declared_unit_ended: households on the register on @day without an address whose declared unit is gone by then, and no unit of its level took its people over
select h.province, 'households' as table_name, h.code as identity, p.unit_id,
  null::float8 as longitude, null::float8 as latitude, array[u.full_name, u.code, upper(u.valid)::text]::text[] as facts
from scope_place p
join unit u on u.province = p.province and u.id = p.declared
join household h on h.province = p.province and h.place_id = p.place_id
where h.address_code is null and h.registered_on <= @day and (h.ended_on is null or h.ended_on > @day)
  and not exists (
    select from unit_heir i
    join unit n on n.province = i.province and n.id = i.heir_id
    where i.province = u.province and i.unit_id = u.id and i.period @> @day and n.level = u.level)
