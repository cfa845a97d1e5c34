-- A place lies in the commune of smallest code that covers it (one without a polygon: where a hamlet of it does), then in that commune's hamlet of smallest code.
with checked as (
  select distinct p.id, p.covers, d.day
  from place p
  join unit u on u.province = @province and u.polygon_id = any(p.covers)
  join unit_period c on c.province = @province and c.unit_id = u.id
  cross join lateral (select lower(c.period) as day union select upper(c.period) union select upper(c.period) - 1) d
  where p.province = @province and p.declared = 0 and d.day is not null
), candidate as (
  select k.id, k.day, u.level, u.code, u.id as unit_id, u.polygon_id, c.commune_id, m.code as commune_code, m.polygon_id as commune_polygon
  from checked k
  join unit u on u.province = @province and u.polygon_id = any(k.covers) and u.valid @> k.day and u.level in ('commune', 'hamlet')
  join unit_period c on c.province = @province and c.unit_id = u.id and c.period @> k.day
  left join unit m on m.province = @province and m.id = c.commune_id
), commune as (
  select distinct on (id, day) id, day, commune_id from candidate
  where commune_id is not null and (level = 'commune' or commune_polygon is null) order by id, day, commune_code
), expected as (
  select distinct on (k.id, k.day) k.id, k.day, m.commune_id, h.unit_id as hamlet_id
  from checked k
  left join commune m on m.id = k.id and m.day = k.day
  left join candidate h on h.id = k.id and h.day = k.day and h.level = 'hamlet' and h.commune_id = m.commune_id
  order by k.id, k.day, h.code
)
select 'place ' || e.id || ' on ' || e.day
from expected e
left join place_period t on t.province = @province and t.place_id = e.id and t.period @> e.day
where t.commune_id is distinct from e.commune_id or t.hamlet_id is distinct from e.hamlet_id
