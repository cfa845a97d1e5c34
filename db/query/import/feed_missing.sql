-- The provinces of which nothing has been told yet.
select d.province from dataset d where not exists (select from change c where c.province = d.province) order by d.province
