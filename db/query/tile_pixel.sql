-- part: joins to a point p.point (degrees) where it lies in the tile @z/@x/@y: k.px and k.py are 0 to 4,095 in that tile and in no other of the zoom, and k.inside says so; a case, because the planner takes one for true half the time, but ranges of what it can't know for next to never
cross join lateral (
  select floor((st_x(p.point) + 180) / 360 * (4096 * 2 ^ @z::int))::bigint - 4096 * @x::bigint as px,
    floor((0.5 - asinh(tan(radians(st_y(p.point)))) / (2 * pi())) * (4096 * 2 ^ @z))::bigint - 4096 * @y::bigint as py
) o
cross join lateral (
  select o.px, o.py, case when o.px between 0 and 4095 and o.py between 0 and 4095 then true else false end as inside
) k
