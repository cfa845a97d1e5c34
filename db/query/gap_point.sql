-- Answers where the household addresses of hamlets lie on the day that their remoteness speaks of, or the label point of one that has none; degrees.
-- needs: decisions
with wanted as materialized (
  select a.asked, a.province, a.id as unit_id, u.drawn_id,
    case when u.valid @> s.refreshed_on then s.refreshed_on when upper(u.valid) <= s.refreshed_on then upper(u.valid) - 1 else lower(u.valid) end as day
  from unnest(@provinces::text[], @ids::bigint[]) with ordinality as a (province, id, asked)
  join unit u on u.province = a.province and u.id = a.id
  join dataset s on s.province = a.province
  where u.province = any(@provinces) and s.province = any(@provinces)
),
held as materialized (
  select w.asked, i.province, i.place_id
  from wanted w
  join place_period i on i.province = w.province and i.hamlet_id = w.unit_id and i.period @> w.day
  join place p on p.province = i.province and p.id = i.place_id and p.addresses > 0
  where i.province = any(@provinces) and p.province = any(@provinces)
)
select h.asked, st_x(a.position) as longitude, st_y(a.position) as latitude
from held h
join address a on a.province = h.province and a.place_id = h.place_id
where a.province = any(@provinces) and a.kind = 'household'
union all
select w.asked, st_x(p.label), st_y(p.label)
from wanted w
join polygon p on p.province = w.province and p.id = w.drawn_id
where p.province = any(@provinces) and not exists (select from held h where h.asked = w.asked)
order by asked, longitude, latitude
