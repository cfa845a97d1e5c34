-- Answers the status of each address on its day; null: it is no household's.
select k.asked, s.status
from unnest(@provinces::text[], @schemes::text[], @codes::text[], @days::date[]) with ordinality as k (province, scheme, code, day, asked)
join address a on a.province = k.province and a.scheme = k.scheme and a.code = k.code
cross join lateral (
-- include: status_of_address
) s
where a.province = any(@provinces::text[])
