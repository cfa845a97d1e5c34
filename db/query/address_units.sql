-- Answers the commune and the hamlet that each address lies in on its day. Limits keep each step an index probe.
-- needs: persons
select k.asked,
-- include: unit_column
from unnest(@provinces::text[], @schemes::text[], @codes::text[], @days::date[]) with ordinality as k (province, scheme, code, day, asked)
cross join lateral (
  select a.place_id from address a where a.province = k.province and a.scheme = k.scheme and a.code = k.code limit 1
) a
cross join lateral (
  select i.commune_id, i.hamlet_id from place_period i where i.province = k.province and i.place_id = a.place_id and i.period @> k.day limit 1
) i
cross join lateral (values (i.commune_id), (i.hamlet_id)) as found (id)
join unit u on u.province = k.province and u.id = found.id
where u.province = any(@provinces::text[])
