-- How a province is published, and what there is to publish: the day that the data are of and the first month with a change on the register or with what stands since before an erasure (days since 1970-01-01), whether there are household addresses, and whether rows were sent since it was published.
select p.base, p.secret, d.as_of - date '1970-01-01' as last, least((select min(m.month) from place_month m where m.province = @province), (select min(k.day) from published_day k where k.province = @province and k.erased > 0)) - date '1970-01-01' as first,
  exists (select from place a where a.province = @province and a.addresses > 0) as addresses, p.due_on is not null as due
from publication p
join dataset d on d.province = p.province
where p.province = @province
