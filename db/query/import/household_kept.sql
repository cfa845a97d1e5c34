-- Takes the rejected ones out of the households that change, and answers how many of those left are new, and how many are not.
with gone as (
  delete from change_household c using rejected r where r.file = c.file and r.line = c.line returning c.file, c.line, c.code
), moved as (
  delete from household_place p using gone where p.code = gone.code
)
select count(*) filter (where c.is_new), count(*) filter (where not c.is_new)
from change_household c
where not exists (select from gone g where g.file = c.file and g.line = c.line)
