-- Answers, for each of several bundles that were sent, a page of what was wrong with its rows, in the order of the report.
-- needs: import
select w.asked, (select count(*) from import_problem c where c.job = w.job) as total, p.job, p.number, p.in_table as "table", p.file, p.line, p.column_name as "column", p.value, p.code, p.message, p.kept
from unnest(@jobs::bigint[]) with ordinality as w (job, asked)
left join lateral (
  select *
  from import_problem p
  where p.job = w.job and p.number > @after::bigint
  order by p.number
  limit @take::int
) p on true
order by w.asked, p.number
