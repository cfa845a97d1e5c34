-- Answers what accepted challenges changed, in their order.
-- needs: persons
select k.province, r.challenge_id, r.what, r.scheme, r.code, r.field, r.former, r.became
from unnest(@provinces::text[], @ids::bigint[]) as k (province, id)
join correction r on r.province = k.province and r.challenge_id = k.id
order by k.province, r.challenge_id, r.number
