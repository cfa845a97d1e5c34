-- Answers how many addresses lie in a unit or a box (degrees) and have any of the statuses.
-- needs: persons
select count(*)
from (select @day::date as day) k
cross join address a
where
-- include: address_of_scope
  and (cardinality(@statuses::text[]) = 0 or (
-- include: status_of_address
  ) = any(@statuses))
