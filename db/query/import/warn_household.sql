-- Households without an address: file, line, column, value, code, message.
select s.file, s.line, 'address_code', h.code, 'no_address',
       case when coalesce(h.hamlet_code, h.commune_code) is null
         then format('household %s has no address and declares no unit; it counts as unassigned', h.code)
         else format('household %s has no address; it counts in the %s it declares', h.code, case when h.hamlet_code is null then 'commune' else 'hamlet' end) end
from stage_households s
join household h on h.province = @province and h.code = s.code
where h.address_code is null
order by s.file, s.line
