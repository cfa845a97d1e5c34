-- part: the cases of in_no_polygon: addresses that no commune covers on @day; in a unit below the province those that declare one that is, or went over to, one in it;
-- they declare it on the day of their survey, else their dataset's
select a.province, 'addresses' as table_name, a.scheme || '/' || a.code as identity, d.unit_id,
  st_x(a.position) as longitude, st_y(a.position) as latitude, array[a.commune_code, a.hamlet_code]::text[] as facts
from place p
join address a on a.province = p.province and a.place_id = p.id
left join lateral (
  select h.heir_id as unit_id
  from dataset s
  join unit u on u.province = s.province and u.valid @> coalesce(a.surveyed_on, s.as_of)
    and (u.level = 'hamlet' and u.code = a.hamlet_code or u.level = 'commune' and u.code = a.commune_code)
  left join unit_heir h on h.province = u.province and h.unit_id = u.id and h.period @> @day
  where s.province = a.province
  order by u.level desc
  limit 1
) d on true
where p.province = any(array(select s.province from dataset s where @province::text in ('', s.province)))
  and not exists (
    select from place_period i
    where i.province = p.province and i.place_id = p.id and i.period @> @day and i.commune_id is not null)
  and (@within = 0 or @within_level = 'province' or exists (
    select from scope_unit s where s.province = a.province and s.unit_id = d.unit_id))
