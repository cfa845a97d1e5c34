-- Answers which of these levels of provinces have, by their days, any report of households guided.
-- needs: published
select p.number
from unnest(@provinces::text[], @levels::text[], @days::date[]) with ordinality as p (province, level, day, number)
where exists (
  select from report r
  where r.province = p.province and r.level = p.level and r.measure = 'households_guided' and r.as_of <= p.day)
order by p.number
