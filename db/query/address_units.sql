-- Answers the commune and the hamlet that each address lies in on its day.
select k.asked,
-- include: unit_column
from unnest(@provinces::text[], @schemes::text[], @codes::text[], @days::date[]) with ordinality as k (province, scheme, code, day, asked)
join address a on a.province = k.province and a.scheme = k.scheme and a.code = k.code
join place_period i on i.province = a.province and i.place_id = a.place_id and i.period @> k.day
cross join lateral (values (i.commune_id), (i.hamlet_id)) as found (id)
join unit u on u.province = a.province and u.id = found.id
where a.province = any(@provinces::text[])
