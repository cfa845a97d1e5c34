-- Touches the units that the changed designations name.
insert into touched_unit
select u.id from change_designation c
join unit u on u.province = @province and u.level = c.level and u.code = c.code and u.valid @> lower(c.valid)
