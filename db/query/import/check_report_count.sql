-- Rejects reports of households guided that are no count of households: the API answers with them as they are, as whole numbers.
insert into rejected (file, line, col, value, code, message)
select s.file, s.line, 'value', s.value::text, 'out_of_range',
       format('%s is out of range for households_guided; write a number of households, from 0 to 2147483647', s.value)
from stage_reports s
where s.measure = 'households_guided' and not s.value between 0 and 2147483647
