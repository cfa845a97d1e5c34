-- The points to locate: new and changed addresses: scheme, code, longitude, latitude, place so far.
select scheme, code, ST_X(position), ST_Y(position), null::bigint from change_address
