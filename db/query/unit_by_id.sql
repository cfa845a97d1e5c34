-- Answers the units of the keys asked for.
-- needs: published
select
-- include: unit_column
from unnest(@provinces::text[], @ids::bigint[]) as a (province, id)
join unit u on u.province = a.province and u.id = a.id
where u.province = any(@provinces::text[])
