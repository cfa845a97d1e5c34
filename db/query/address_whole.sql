-- Answers every address in a unit or a box (degrees), of any of the statuses, with its status and where it lies, by province, scheme and code.
-- needs: persons
select
-- include: address_column
  , s.status, c.code as commune_code, c.full_name as commune_name, h.code as hamlet_code, h.full_name as hamlet_name
from (select @day::date as day) k
cross join address a
cross join lateral (
-- include: status_of_address
) s
left join place_period i on i.province = a.province and i.place_id = a.place_id and i.period @> k.day
left join unit c on c.province = i.province and c.id = i.commune_id
left join unit h on h.province = i.province and h.id = i.hamlet_id
where
-- include: address_of_scope
  and (cardinality(@statuses::text[]) = 0 or s.status = any(@statuses))
order by a.province, a.scheme, a.code
