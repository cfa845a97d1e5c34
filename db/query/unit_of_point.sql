-- part: joins to a point a (longitude, latitude; degrees) the units c (province_id, district_id, commune_id) and h (hamlet_id) that it lies in on @day: smallest commune code, of its hamlets the smallest code
cross join lateral (select st_setsrid(st_makepoint(a.longitude, a.latitude), 4326) as point) k
cross join lateral (
  select u.province, u.id as commune_id, u.code, i.district_id, i.province_id
  from dataset s
  join polygon g on g.province = s.province and st_covers(g.geometry, k.point)
  join unit u on u.province = g.province and u.polygon_id = g.id and u.valid @> @day::date and u.level = 'commune'
  join unit_period i on i.province = u.province and i.unit_id = u.id and i.period @> @day
  where a.longitude between s.west and s.east and a.latitude between s.south and s.north
  union
  select c.province, c.id, c.code, i.district_id, i.province_id
  from dataset s
  join polygon g on g.province = s.province and st_covers(g.geometry, k.point)
  join unit u on u.province = g.province and u.polygon_id = g.id and u.valid @> @day and u.level = 'hamlet'
  join unit_period i on i.province = u.province and i.unit_id = u.id and i.period @> @day
  join unit c on c.province = u.province and c.id = i.commune_id and c.polygon_id is null and c.valid @> @day
  where a.longitude between s.west and s.east and a.latitude between s.south and s.north
  order by code, province
  limit 1
) c
left join lateral (
  select u.id as hamlet_id
  from polygon g
  join unit u on u.province = g.province and u.polygon_id = g.id and u.valid @> @day and u.level = 'hamlet'
  join unit_period i on i.province = u.province and i.unit_id = u.id and i.period @> @day and i.commune_id = c.commune_id
  where g.province = c.province and st_covers(g.geometry, k.point)
  order by u.code
  limit 1
) h on true
