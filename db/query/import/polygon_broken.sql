-- Rejects staged units whose polygon is still invalid, or empty, after repair, or left Vietnam by the transform.
insert into rejected (file, line, col, value, code, message)
select file, line, 'geometry', code, case when outside then 'outside_vietnam' else 'bad_geometry' end,
       case when outside then 'the polygon reaches outside longitude 102-118, latitude 6-24; check its coordinates and the bundle''s srid'
            else format('the polygon of %s %s can not be repaired (%s); draw it again, or leave the cell empty', level, code, coalesce(broken, 'empty')) end
from (select *, ST_XMin(geometry) < @west or ST_XMax(geometry) > @east or ST_YMin(geometry) < @south or ST_YMax(geometry) > @north as outside
      from stage_polygon) p
where ST_IsEmpty(geometry) or (broken is not null and not ST_IsValid(geometry)) or outside
