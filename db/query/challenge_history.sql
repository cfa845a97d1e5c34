-- Answers the steps of challenges, in their order.
-- needs: persons
select e.province, e.challenge_id, e.action, e.at, e.issuer, e.subject, e.system, e.words
from unnest(@provinces::text[], @ids::bigint[]) as k (province, id)
join challenge_event e on e.province = k.province and e.challenge_id = k.id
order by e.province, e.challenge_id, e.number
