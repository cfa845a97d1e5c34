-- Answers whether a unit of a level had a code on any day; the code may be written PROVINCE/CODE.
select exists (
  select from unit u
  where u.level = @level and (u.code = @code or (u.province = @province and u.code = @code_in_province))
)
