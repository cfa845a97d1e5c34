-- The provinces of which nothing has been told yet, or only what an older program told of coverage: no teams.
select d.province
from dataset d
where not exists (select from change c where c.province = d.province)
  or exists (select from change c where c.province = d.province and c.kind = 'coverage' and c.value is not null and not c.value ? 'teams')
order by d.province
