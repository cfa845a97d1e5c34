-- Answers the units of the identities (province, level, code, first day) asked for.
-- needs: published
select
-- include: unit_column
from unnest(@provinces::text[], @levels::text[], @codes::text[], @firsts::date[]) as a (province, level, code, first)
join unit u on u.province = a.province and u.level = a.level and u.code = a.code and lower(u.valid) = a.first
where u.province = any(@provinces::text[])
