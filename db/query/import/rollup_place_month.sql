-- Running totals at the end of each month that has a change.
insert into place_month (province, place_id, month, guided, attempted, not_visited, ineligible, occupied)
select @province, f.place_id, d.month,
       f.guided + sum(d.guided) over w, f.attempted + sum(d.attempted) over w, f.not_visited + sum(d.not_visited) over w,
       f.ineligible + sum(d.ineligible) over w, f.occupied + sum(d.occupied) over w
from month_first f
join (
  select p.place_id, date_trunc('month', p.day)::date as month, sum(p.guided) as guided, sum(p.attempted) as attempted,
         sum(p.not_visited) as not_visited, sum(p.ineligible) as ineligible, sum(p.occupied) as occupied
  from place_day p join month_first f on f.place_id = p.place_id and p.day >= f.month
  where p.province = @province
  group by 1, 2
) d using (place_id)
window w as (partition by f.place_id order by d.month)
