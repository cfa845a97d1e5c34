-- The day on which each of some households was registered, in their order; null: there is none of that code, or it is elsewhere than where the caller may write.
select h.registered_on::text
from unnest(@codes::text[]) with ordinality as c (code, number)
left join household h on h.province = @province and h.code = c.code and (not @within::boolean or h.place_id = any ((select scope_place())::bigint[]))
order by c.number
