-- A challenge that who asks may resolve, with the address that it is about as that stands and whether the address that stays is found.
select c.kind, c.status,
  coalesce((select e.words from challenge_event e where e.province = c.province and e.challenge_id = c.id and e.action in ('accepted', 'rejected')), '') as reason,
  c.issuer, c.subject, c.address_scheme, c.address_code, c.household_code, c.other_scheme, c.other_code, c.team_code,
  coalesce(c.day, (c.opened_at at time zone 'Asia/Ho_Chi_Minh')::date) as day, (c.opened_at at time zone 'Asia/Ho_Chi_Minh')::date as opened_on,
  st_x(c.point) as point_longitude, st_y(c.point) as point_latitude,
  a.kind as address_kind, st_x(a.position) as longitude, st_y(a.position) as latitude, a.surveyed_on,
  case when c.other_code is null then true
    when c.household_code is null then exists (select from address o where o.province = c.province and o.scheme = c.other_scheme and o.code = c.other_code
      and ((select whole_province()) or o.place_id = any ((select scope_place())::bigint[])))
    else exists (select from household o where o.province = c.province and o.code = c.other_code) end as other
from challenge c
left join address a on a.province = c.province and a.scheme = c.address_scheme and a.code = c.address_code
where c.province = @province and c.id = @id::bigint
