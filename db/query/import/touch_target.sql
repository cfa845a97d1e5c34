-- Touches the units for which targets have changed: those named, or the province.
insert into touched_unit
select u.id from change_target c
join unit u on u.province = @province and u.level = coalesce(nullif(c.level, ''), 'province') and (u.code = c.code or c.code = '')
