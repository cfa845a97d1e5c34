-- The points to locate: all addresses, because polygons changed: scheme, code, longitude, latitude, place so far.
select scheme, code, ST_X(position), ST_Y(position), old_place_id
from (
  select scheme, code, position, null::bigint as old_place_id from change_address
  union all
  select a.scheme, a.code, a.position, a.place_id from address a
  where a.province = @province and not exists (select from change_address c where c.scheme = a.scheme and c.code = a.code)
) a
