-- Answers, for each unit and day, a page of the active teams of every kind whose unit, or a unit they serve, is it or lies in it; by code.
with asked as materialized (
  select a.asked, a.province, a.id, a.day, u.level
  from unnest(@provinces::text[], @ids::bigint[], @days::date[]) with ordinality as a (province, id, day, asked)
  left join unit u on u.province = a.province and u.id = a.id
),
active as materialized (
  select distinct a.asked, i.province, i.team_code
  from (select distinct province, level, day from asked) l
  join team_period i on i.province = l.province and i.period @> l.day
  join asked a on a.province = l.province and a.level = l.level and a.day = l.day
    and a.id = case l.level when 'hamlet' then i.hamlet_id when 'commune' then i.commune_id
      when 'district' then i.district_id else i.province_id end
  where i.province = any(@provinces::text[])
),
numbered as (
  select *, row_number() over (partition by asked order by team_code) as number
  from active
  where team_code > @after_code::text
)
select a.asked, coalesce(c.total, 0) as total,
-- include: team_column
from asked a
left join (select asked, count(*) as total from active group by asked) c on c.asked = a.asked
left join numbered n on n.asked = a.asked and n.number <= @take
left join team t on t.province = n.province and t.code = n.team_code
order by a.asked, n.number
