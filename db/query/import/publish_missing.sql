-- The provinces that nobody has published yet.
select d.province from dataset d where not exists (select from publication p where p.province = d.province) order by d.province
