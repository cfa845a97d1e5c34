-- Answers the units above each unit on its day, nearest first; outside its validity those of its nearest day.
-- needs: published
select a.asked,
-- include: unit_column
from unnest(@provinces::text[], @ids::bigint[], @days::date[]) with ordinality as a (province, id, day, asked)
cross join lateral (
  select * from unit_period p
  where p.province = a.province and p.unit_id = a.id
  order by p.period @> a.day desc, case when lower(p.period) > a.day then lower(p.period) - a.day else a.day - upper(p.period) end
  limit 1
) p
cross join lateral (values (p.province_id), (p.district_id), (p.commune_id), (p.hamlet_id)) as above (id)
join unit u on u.province = a.province and u.id = above.id and u.id <> a.id
where u.province = any(@provinces::text[])
order by a.asked, array_position(array['hamlet', 'commune', 'district', 'province'], u.level)
