-- From which month on each touched place's running totals change, and what they were before.
create temporary table month_first on commit drop as
select d.place_id, d.month, coalesce(b.guided, 0) as guided, coalesce(b.attempted, 0) as attempted, coalesce(b.not_visited, 0) as not_visited,
       coalesce(b.ineligible, 0) as ineligible, coalesce(b.occupied, 0) as occupied
from (select place_id, date_trunc('month', min(day))::date as month from delta_day group by place_id) d
left join lateral (
  select m.* from place_month m where m.province = @province and m.place_id = d.place_id and m.month < d.month order by m.month desc limit 1
) b on true
