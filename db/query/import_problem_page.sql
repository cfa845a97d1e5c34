-- Answers a page of what was wrong with the rows of a bundle that was sent, in the order of the report.
-- needs: import
select p.number, p.in_table as "table", p.file, p.line, p.column_name as "column", p.value, p.code, p.message, p.kept
from import_problem p
where p.job = @job::bigint and p.number > @after::bigint
order by p.number
limit @take::int
