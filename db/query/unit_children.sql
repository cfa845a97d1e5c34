-- Answers, for each unit and day asked for, a page of the units directly below it that day, by level, code, province.
-- needs: published
with asked as (
  select * from unnest(@provinces::text[], @ids::bigint[], @days::date[]) with ordinality as a (province, id, day, asked)
),
child as materialized (
  select a.asked, u.*, array_position(array['province', 'district', 'commune', 'hamlet'], u.level) as rank
  from asked a
  join unit_period p on p.province = a.province and p.parent_id = a.id and p.period @> a.day
  join unit u on u.province = p.province and u.id = p.unit_id
  where p.province = any(@provinces::text[])
),
numbered as (
  select *, row_number() over (partition by asked order by rank, code, province) as number
  from child
  where (rank, code, province) > (@after_rank::int, @after_code::text, @after_province::text)
)
select a.asked, coalesce(t.total, 0) as total,
-- include: unit_column
from asked a
left join (select asked, count(*) as total from child group by asked) t on t.asked = a.asked
left join numbered u on u.asked = a.asked and u.number <= @take
order by a.asked, u.number
