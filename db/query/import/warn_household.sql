-- Households without an address: file, line, column, value, code, message.
select s.file, s.line, 'address_code', s.code, 'no_address',
       case when coalesce(s.hamlet_code, s.commune_code) is null
         then format('household %s has no address and declares no unit; it counts as unassigned', s.code)
         else format('household %s has no address; it counts in the %s it declares', s.code, case when s.hamlet_code is null then 'commune' else 'hamlet' end) end
from stage_households s where s.address_code is null
order by s.file, s.line
