-- Answers the status of each address on its day; null: it is no household's. The limit keeps the step an index probe.
-- needs: persons
select k.asked, s.status
from unnest(@provinces::text[], @schemes::text[], @codes::text[], @days::date[]) with ordinality as k (province, scheme, code, day, asked)
cross join lateral (
  select a.province, a.scheme, a.code, a.kind from address a where a.province = k.province and a.scheme = k.scheme and a.code = k.code limit 1
) a
cross join lateral (
-- include: status_of_address
) s
