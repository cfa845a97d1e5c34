-- The occupied addresses of each place are those of kind household with a household on the register, one by one.
with day as (select unnest(@days::date[]) as day),
plain as (
  select d.day, a.place_id, count(*) as occupied
  from day d cross join address a
  where a.province = @province and a.kind = 'household' and exists (
    select from household h where h.province = @province and h.address_scheme = a.scheme and h.address_code = a.code
      and h.registered_on <= d.day and (h.ended_on is null or h.ended_on > d.day))
  group by d.day, a.place_id
), rolled as (
  select d.day, p.id as place_id, coalesce(m.occupied, 0) + coalesce(r.occupied, 0) as occupied
  from day d cross join place p
  left join lateral (select * from place_month m where m.province = @province and m.place_id = p.id and m.month < date_trunc('month', d.day) order by m.month desc limit 1) m on true
  left join lateral (select sum(occupied) as occupied from place_day r
                     where r.province = @province and r.place_id = p.id and r.day >= date_trunc('month', d.day) and r.day <= d.day) r on true
  where p.province = @province
)
select format('place %s on %s: rolled up %s, counted %s', place_id, day, r.occupied, coalesce(p.occupied, 0))
from rolled r left join plain p using (day, place_id) where r.occupied <> coalesce(p.occupied, 0)
