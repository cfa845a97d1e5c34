-- Tells of these places whether a commune covers them on every day.
update place p set complete = c.complete, settled = true
from unnest(@ids::bigint[], @complete::boolean[]) as c (id, complete)
where p.province = @province and p.id = c.id
