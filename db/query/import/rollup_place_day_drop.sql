-- Days on which nothing changes any more. Said as "less than 1" for the reason in rollup_service_day_drop.
delete from place_day p using (select distinct place_id, day from delta_day) d
where p.province = @province and p.place_id = d.place_id and p.day = d.day
  and abs(p.guided) + abs(p.attempted) + abs(p.not_visited) + abs(p.ineligible) + abs(p.occupied) < 1
