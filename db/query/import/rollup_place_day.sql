-- Changes per place and day.
insert into place_day (province, place_id, day, guided, attempted, not_visited, ineligible, occupied)
select @province, place_id, day, sum(guided), sum(attempted), sum(not_visited), sum(ineligible), sum(occupied)
from delta_day group by place_id, day
having (sum(guided), sum(attempted), sum(not_visited), sum(ineligible), sum(occupied)) <> (0, 0, 0, 0, 0)
order by place_id, day
on conflict (province, place_id, day) do update set
  guided = place_day.guided + excluded.guided, attempted = place_day.attempted + excluded.attempted,
  not_visited = place_day.not_visited + excluded.not_visited, ineligible = place_day.ineligible + excluded.ineligible,
  occupied = place_day.occupied + excluded.occupied
