-- Of codes of households, those that there are, with their address and number in the list (from 0).
-- needs: erasure
select (c.number - 1)::int as at, h.address_scheme as scheme, h.address_code as address
from unnest(@codes::text[]) with ordinality c (code, number)
join household h on h.province = @province and h.code = c.code
order by c.number
