-- Answers what each unit is designated as on its day. A code means the unit valid on the designation's first day.
select a.asked, d.scheme, d.value, d.decision, lower(d.valid) as valid_from, upper(d.valid) as valid_to
from unnest(@provinces::text[], @ids::bigint[], @days::date[]) with ordinality as a (province, id, day, asked)
join unit u on u.province = a.province and u.id = a.id
join designation d on d.province = u.province and d.level = u.level and d.code = u.code
  and d.valid @> a.day and u.valid @> lower(d.valid)
where u.province = any(@provinces::text[])
order by a.asked, d.scheme, d.value, lower(d.valid)
