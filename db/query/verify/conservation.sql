-- On each day the households on the register are those of the places in units, plus the unassigned.
with day as (select unnest(@days::date[]) as day),
counted as (
  select d.day, (select count(*) from household h where h.province = @province and h.registered_on <= d.day and (h.ended_on is null or h.ended_on > d.day)) as households
  from day d
), rolled as (
  select d.day, sum(coalesce(m.n, 0) + coalesce(r.n, 0)) as households
  from day d cross join place p
  left join lateral (select guided + attempted + not_visited + ineligible as n from place_month m
                     where m.province = @province and m.place_id = p.id and m.month < date_trunc('month', d.day) order by m.month desc limit 1) m on true
  left join lateral (select sum(guided + attempted + not_visited + ineligible) as n from place_day r
                     where r.province = @province and r.place_id = p.id and r.day >= date_trunc('month', d.day) and r.day <= d.day) r on true
  where p.province = @province group by d.day
)
select format('on %s: %s households, %s in the places', day, c.households, r.households)
from counted c left join rolled r using (day) where c.households <> coalesce(r.households, 0)
