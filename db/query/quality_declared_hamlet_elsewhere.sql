-- part: the cases of declared_hamlet_elsewhere: addresses that lie in another hamlet than they declare, on the day of their survey, else their dataset's
select a.province, 'addresses' as table_name, a.scheme || '/' || a.code as identity, p.unit_id,
  st_x(a.position) as longitude, st_y(a.position) as latitude, array[a.hamlet_code, u.full_name, u.code]::text[] as facts
from scope_place p
join address a on a.province = p.province and a.place_id = p.place_id
join dataset s on s.province = a.province
join place_period t on t.province = a.province and t.place_id = a.place_id and t.period @> coalesce(a.surveyed_on, s.as_of)
join unit u on u.province = t.province and u.id = t.hamlet_id
where a.hamlet_code <> u.code
