-- Answers the units that each team serves on its day, by level, then code.
-- needs: published
select a.asked,
-- include: unit_column
from unnest(@provinces::text[], @codes::text[], @days::date[]) with ordinality as a (province, code, day, asked)
cross join lateral (
  select distinct i.unit_id from team_period i
  where i.province = a.province and i.team_code = a.code and i.period @> a.day
) i
join unit u on u.province = a.province and u.id = i.unit_id
where u.province = any(@provinces::text[])
order by a.asked, array_position(array['province', 'district', 'commune', 'hamlet'], u.level), u.code
