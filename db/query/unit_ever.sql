-- Answers in which provinces some unit of a level had a code on any day; the code may be written PROVINCE/CODE.
-- needs: published
select distinct u.province, u.code
from unit u
where u.level = @level and (u.code = @code or (u.province = @province and u.code = @code_in_province))
order by u.province, u.code
