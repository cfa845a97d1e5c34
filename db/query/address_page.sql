-- Answers a page of the addresses in a unit or a box (degrees), of any of the statuses, by province, scheme and code.
-- needs: persons
select
-- include: address_column
from (select @day::date as day) k
cross join address a
where (a.province, a.scheme, a.code) > (@after_province::text, @after_scheme::text, @after_code::text)
  and
-- include: address_of_scope
  and (cardinality(@statuses::text[]) = 0 or (
-- include: status_of_address
  ) = any(@statuses))
order by a.province, a.scheme, a.code
limit @take
