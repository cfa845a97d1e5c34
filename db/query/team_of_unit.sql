-- Answers, for each unit and day, a page of the active teams of every kind whose unit, or a unit they serve, is it or lies in it; by code.
-- needs: published
with wanted as materialized (
  select a.asked, a.province, a.id as unit_id, a.day, a.day as boundary, u.level
  from unnest(@provinces::text[], @ids::bigint[], @days::date[]) with ordinality as a (province, id, day, asked)
  left join unit u on u.province = a.province and u.id = a.id
),
-- include: team_unit
,
active as materialized (
  select w.asked, t.province, t.team_code
  from team_unit t
  join wanted w on w.province = t.province and w.unit_id = t.unit_id and w.day = t.day
),
numbered as (
  select *, row_number() over (partition by asked order by team_code) as number
  from active
  where team_code > @after_code::text
)
select a.asked, coalesce(c.total, 0) as total,
-- include: team_column
from wanted a
left join (select asked, count(*) as total from active group by asked) c on c.asked = a.asked
left join numbered n on n.asked = a.asked and n.number <= @take
left join team t on t.province = n.province and t.code = n.team_code
order by a.asked, n.number
