-- Days on which a service's uptake does not change any more. Said as "less than 1": of "= 0" statistics from before know no row, and the plan would compare each with each.
delete from place_service_day p using (select distinct place_id, service_code, day from delta_service) d
where p.province = @province and (p.place_id, p.service_code, p.day) = (d.place_id, d.service_code, d.day) and abs(p.households) < 1
