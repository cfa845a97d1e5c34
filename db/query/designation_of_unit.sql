-- Answers what each unit is designated as on its day. A code means the unit valid on the designation's first day.
-- needs: published
with wanted as materialized (
  select a.asked, a.province, u.level, u.code, u.valid, a.day
  from unnest(@provinces::text[], @ids::bigint[], @days::date[]) with ordinality as a (province, id, day, asked)
  left join unit u on u.province = a.province and u.id = a.id -- left: the planner expects a row for each asked, not one in all
)
select w.asked, d.scheme, d.value, d.decision, lower(d.valid) as valid_from, upper(d.valid) as valid_to
from wanted w
join designation d on d.province = w.province and d.level = w.level and d.code = w.code
  and d.valid @> w.day and w.valid @> lower(d.valid)
order by w.asked, d.scheme, d.value, lower(d.valid)
