-- Answers the bases of the cnscd teams that are active on a day, inside a box; degrees.
-- needs: decisions
select st_x(t.base) as longitude, st_y(t.base) as latitude
from team t
where t.province = any(array(select s.province from dataset s)) and t.kind = 'cnscd' and t.active @> @day::date
  and t.base && st_makeenvelope(@west::float8, @south::float8, @east::float8, @north::float8, 4326)
order by t.province, t.code
