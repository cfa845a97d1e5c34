-- part: the columns of a case of what is disputed, of scope_challenge c: its number; where the address is, and of a household no position, because it is personal
select c.province, 'challenges' as table_name, c.id::text as identity, c.unit_id,
  st_x(c.position) as longitude, st_y(c.position) as latitude,
  array[c.kind, c.address_scheme || '/' || c.address_code, c.household_code, (c.opened_at at time zone 'Asia/Ho_Chi_Minh')::date::text,
    (c.resolved_at at time zone 'Asia/Ho_Chi_Minh')::date::text]::text[] as facts
from scope_challenge c
