-- The unit each team names, as valid on the day it was established.
update team t set unit_id = u.id from unit u
where t.province = @province and u.province = @province and u.level = t.level and u.code = t.unit_code and u.valid @> lower(t.active) and t.unit_id <> u.id
