-- Days on which nothing changes any more.
delete from place_day p using (select distinct place_id, day from delta_day) d
where p.province = @province and p.place_id = d.place_id and p.day = d.day
  and (p.guided, p.attempted, p.not_visited, p.ineligible, p.occupied) = (0, 0, 0, 0, 0)
