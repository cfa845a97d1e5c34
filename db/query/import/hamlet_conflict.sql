-- The hamlets in which addresses lie on @day: the address's place among those asked, code and full name.
select a.n, h.code, h.full_name
from unnest(@schemes::text[], @codes::text[]) with ordinality a (scheme, code, n)
join address t on t.province = @province and t.scheme = a.scheme and t.code = a.code
join place_period i on i.province = @province and i.place_id = t.place_id and i.period @> @day::date
join unit h on h.province = @province and h.id = i.hamlet_id
