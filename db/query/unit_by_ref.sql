-- Answers which units of a level have a code on a day; the code may be written PROVINCE/CODE.
-- needs: published
select
-- include: unit_column
from unit u
where u.level = @level
  and (u.code = @code or (u.province = @province and u.code = @code_in_province))
  and u.valid @> @day::date
order by u.province, u.code
