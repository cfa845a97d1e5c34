-- Where addresses lie on @day: the address's place among those asked; code and full name of its hamlet, empty where it lies in none; does
-- it lie outside the commune of the hamlet it declares: in another one, or in none although that one is drawn.
select a.n, coalesce(h.code, ''), coalesce(h.full_name, ''),
       c.id is not null and case when i.commune_id is null then c.drawn_id is not null else i.commune_id <> c.id end
from unnest(@schemes::text[], @codes::text[], @declared::text[]) with ordinality a (scheme, code, declared, n)
join address t on t.province = @province and t.scheme = a.scheme and t.code = a.code
left join place_period i on i.province = @province and i.place_id = t.place_id and i.period @> @day::date
left join unit h on h.province = @province and h.id = i.hamlet_id
left join unit d on d.province = @province and d.level = 'hamlet' and d.code = a.declared and d.valid @> @day::date
left join unit_period k on k.province = @province and k.unit_id = d.id and k.period @> @day::date
left join unit c on c.province = @province and c.id = k.commune_id
