-- Cells without an address any more. Said as "less than 1" for the reason in rollup_service_day_drop.
delete from place_cell c using cell_after d
where c.province = @province and c.x = d.x and c.y = d.y and c.place_id = d.place_id and c.addresses < 1
