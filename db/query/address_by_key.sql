-- Answers the addresses of the keys asked for.
-- needs: persons
select
-- include: address_column
from unnest(@provinces::text[], @schemes::text[], @codes::text[]) as k (province, scheme, code)
join address a on a.province = k.province and a.scheme = k.scheme and a.code = k.code
where a.province = any(@provinces::text[])
