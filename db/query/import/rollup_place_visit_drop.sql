-- Visit days without a visit any more. Said as "less than 1" for the reason in rollup_service_day_drop.
delete from place_visit p using (select distinct place_id, visited_on, from_on, to_on from delta_visit) d
where p.province = @province and (p.place_id, p.visited_on, p.from_on, p.to_on) = (d.place_id, d.visited_on, d.from_on, d.to_on) and abs(p.visits) < 1
