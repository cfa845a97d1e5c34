-- The uptake of each service in each place is that counted over adoptions and households.
with day as (select unnest(@days::date[]) as day),
plain as (
  select d.day, h.place_id, a.service_code, count(distinct h.code) as households
  from day d
  join adoption a on a.province = @province and a.adopted_on <= d.day and (a.ended_on is null or a.ended_on > d.day)
  join household h on h.province = @province and h.code = a.household_code and h.registered_on <= d.day and (h.ended_on is null or h.ended_on > d.day)
  group by 1, 2, 3
), rolled as (
  select d.day, p.place_id, p.service_code, coalesce(m.households, 0) + coalesce(r.households, 0) as households
  from day d cross join (select distinct place_id, service_code from place_service_day where province = @province) p
  left join lateral (select m.households from place_service_month m where m.province = @province and m.place_id = p.place_id and m.service_code = p.service_code
                     and m.month < date_trunc('month', d.day) order by m.month desc limit 1) m on true
  left join lateral (select sum(households) as households from place_service_day r where r.province = @province and r.place_id = p.place_id and r.service_code = p.service_code
                     and r.day >= date_trunc('month', d.day) and r.day <= d.day) r on true
)
select format('service %s in place %s on %s: rolled up %s, counted %s', service_code, place_id, day, coalesce(r.households, 0), coalesce(p.households, 0))
from rolled r full join plain p using (day, place_id, service_code) where coalesce(r.households, 0) <> coalesce(p.households, 0)
