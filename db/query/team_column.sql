-- part: the columns of a Team, of the team rows named t; the base in degrees
t.province, t.code, t.name, t.level, t.kind, t.decision, lower(t.active) as established_on, upper(t.active) as dissolved_on, t.unit_id,
st_x(t.base) as base_longitude, st_y(t.base) as base_latitude
