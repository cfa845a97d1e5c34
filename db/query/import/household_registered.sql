-- The day on which each of some households was registered, in their order; null: there is none of that code.
select h.registered_on::text
from unnest(@codes::text[]) with ordinality as c (code, number)
left join household h on h.province = @province and h.code = c.code
order by c.number
