-- part: the cases of unregistered: addresses of kind household with nobody on the register on @day
select a.province, 'addresses' as table_name, a.scheme || '/' || a.code as identity, p.unit_id,
  st_x(a.position) as longitude, st_y(a.position) as latitude, array[]::text[] as facts
from scope_place p
join address a on a.province = p.province and a.place_id = p.place_id
where a.kind = 'household'
  and not exists (
    select from household h
    where h.province = a.province and h.address_scheme = a.scheme and h.address_code = a.code and h.registered_on <= @day and (h.ended_on is null or h.ended_on > @day))
