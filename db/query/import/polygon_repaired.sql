-- The polygons that were repaired: file, line, column, value, code, message.
select file, line, 'geometry', code, 'self_intersection',
       format('the polygon of %s %s was repaired (%s); redraw it there', level, code, broken)
from stage_polygon
where broken is not null and ST_IsValid(geometry) and not ST_IsEmpty(geometry)
