-- The running totals are the sums of the days, never negative, and no more households have an address occupied than there are addresses.
select 'place ' || place_id || ' in ' || month
from (
  select place_id, date_trunc('month', day)::date as month,
         sum(sum(guided)) over w as guided, sum(sum(attempted)) over w as attempted, sum(sum(not_visited)) over w as not_visited,
         sum(sum(ineligible)) over w as ineligible, sum(sum(occupied)) over w as occupied
  from place_day where province = @province group by 1, 2
  window w as (partition by place_id order by date_trunc('month', day)::date)
) d
full join (select * from place_month where province = @province) m using (place_id, month)
left join place p on p.province = @province and p.id = place_id
where (d.guided, d.attempted, d.not_visited, d.ineligible, d.occupied) is distinct from (m.guided, m.attempted, m.not_visited, m.ineligible, m.occupied)
   or least(m.guided, m.attempted, m.not_visited, m.ineligible, m.occupied) < 0 or m.occupied > p.addresses
union all
select 'service ' || service_code || ' in place ' || place_id || ' in ' || month
from (
  select place_id, service_code, date_trunc('month', day)::date as month,
         sum(sum(households)) over (partition by place_id, service_code order by date_trunc('month', day)::date) as households
  from place_service_day where province = @province group by 1, 2, 3
) d
full join (select * from place_service_month where province = @province) m using (place_id, service_code, month)
where d.households is distinct from m.households or m.households < 0
