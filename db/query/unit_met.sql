-- part: the communes and hamlets valid on @day whose polygon meets a box (degrees; @west null: none)
unit_met as materialized (
  select u.province, u.id
  from unit u
  join polygon g on g.province = u.province and g.id = u.drawn_id
  where u.province = any(array(select s.province from dataset s where @province::text in ('', s.province)))
    and u.level in ('commune', 'hamlet') and u.valid @> @day::date
    and st_intersects(g.geometry, st_makeenvelope(@west::float8, @south::float8, @east::float8, @north::float8, 4326))
)
