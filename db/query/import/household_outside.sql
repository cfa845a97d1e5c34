-- Rejects the new and changed households that would live outside of the units of who writes them.
insert into rejected (file, line, col, value, code, message)
select c.file, c.line, case when c.address_code is not null then 'address_code' when c.hamlet_code is not null then 'hamlet_code' else 'commune_code' end,
  coalesce(c.address_code, c.hamlet_code, c.commune_code), 'out_of_scope',
  format('household %s would live outside of the units of this account; give an address or a unit within them', c.code)
from change_household c
join household_place p on p.code = c.code
where not p.place_id = any ((select scope_place())::bigint[])
