-- A place lies in the commune of smallest code that covers it (one without a polygon: where a hamlet of it does), then in that commune's hamlet of smallest code; where none covers it, in the unit that is declared, or what became of it.
with checked as ( -- nothing changes between these days
  select p.id, p.covers, p.declared, d.day
  from place p
  join unit u on u.province = @province and u.polygon_id = any(p.covers)
  join unit_period c on c.province = @province and c.unit_id = u.id
  cross join lateral (values (lower(c.period)), (upper(c.period))) d (day)
  where p.province = @province and d.day is not null
  union
  select p.id, p.covers, p.declared, d.day
  from place p
  join unit_heir h on h.province = @province and h.unit_id = p.declared
  join unit_period c on c.province = @province and c.unit_id = h.heir_id and c.period && h.period
  cross join lateral (values (lower(c.period * h.period)), (upper(c.period * h.period))) d (day)
  where p.province = @province and p.declared <> 0 and d.day is not null
  union
  select p.id, p.covers, p.declared, d.day
  from place p
  join place_period t on t.province = @province and t.place_id = p.id
  cross join lateral (values (lower(t.period)), (upper(t.period))) d (day)
  where p.province = @province and d.day is not null
), candidate as (
  select k.id, k.day, u.level, u.code, u.id as unit_id, c.commune_id, m.code as commune_code, m.polygon_id as commune_polygon
  from checked k
  join unit u on u.province = @province and u.polygon_id = any(k.covers) and u.valid @> k.day and u.level in ('commune', 'hamlet')
  join unit_period c on c.province = @province and c.unit_id = u.id and c.period @> k.day
  left join unit m on m.province = @province and m.id = c.commune_id
), commune as (
  select distinct on (id, day) id, day, commune_id from candidate
  where commune_id is not null and (level = 'commune' or commune_polygon is null) order by id, day, commune_code
), expected as (
  select distinct on (k.id, k.day) k.id, k.day, coalesce(h.unit_id, m.commune_id, i.heir_id) as unit_id
  from checked k
  left join commune m on m.id = k.id and m.day = k.day
  left join candidate h on h.id = k.id and h.day = k.day and h.level = 'hamlet' and h.commune_id = m.commune_id
  left join unit_heir i on i.province = @province and i.unit_id = k.declared and i.period @> k.day
  order by k.id, k.day, h.code
)
select format('place %s on %s: in unit %s, should be in %s', e.id, e.day, coalesce(t.hamlet_id, t.commune_id, t.district_id, t.province_id), e.unit_id)
from expected e
left join place_period t on t.province = @province and t.place_id = e.id and t.period @> e.day
where coalesce(t.hamlet_id, t.commune_id, t.district_id, t.province_id) is distinct from e.unit_id
