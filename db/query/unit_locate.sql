-- Answers which units a point (degrees) lies in on a day: smallest commune code, of its hamlets the smallest code, the commune's parents.
-- needs: published
with covering as materialized (
  select u.province, u.id, u.level, u.code, p.commune_id, p.district_id, p.province_id
  from dataset s
  join polygon g on g.province = s.province
    and st_covers(g.geometry, st_setsrid(st_makepoint(@longitude::float8, @latitude::float8), 4326))
  join unit u on u.province = g.province and u.polygon_id = g.id and u.valid @> @day::date and u.level in ('commune', 'hamlet')
  join unit_period p on p.province = u.province and p.unit_id = u.id and p.period @> @day::date
  where @longitude between s.west and s.east and @latitude between s.south and s.north
),
commune as (
  select c.province, c.id, c.code, c.district_id, c.province_id from covering c where c.level = 'commune'
  union
  select u.province, u.id, u.code, h.district_id, h.province_id
  from covering h
  join unit u on u.province = h.province and u.id = h.commune_id and u.polygon_id is null and u.valid @> @day::date
  where h.level = 'hamlet'
  order by code, province
  limit 1
),
hamlet as (
  select h.id
  from covering h
  join commune c on c.province = h.province and c.id = h.commune_id
  where h.level = 'hamlet'
  order by h.code
  limit 1
)
select
-- include: unit_column
from commune c
left join hamlet h on true
cross join lateral (values (c.id), (c.district_id), (c.province_id), (h.id)) as found (id)
join unit u on u.province = c.province and u.id = found.id
