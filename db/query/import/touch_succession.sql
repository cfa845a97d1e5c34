-- Touches the units that the changed successions name.
insert into touched_unit
select u.id from change_succession c
join unit u on u.province = @province and u.level = c.from_level and u.code = c.from_code and u.valid @> c.effective_on - 1
union
select u.id from change_succession c
join unit u on u.province = @province and u.level = c.to_level and u.code = c.to_code and u.valid @> c.effective_on
