-- Answers where service points of every kind that are open on a day stand, inside a box; degrees.
-- needs: decisions
select st_x(p.position) as longitude, st_y(p.position) as latitude
from service_point p
where p.province = any(array(select s.province from dataset s)) and p.open @> @day::date
  and p.position && st_makeenvelope(@west::float8, @south::float8, @east::float8, @north::float8, 4326)
order by p.province, p.code
