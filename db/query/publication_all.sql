-- Answers how each province is published: the base, and the first and the last of the month ends, null where none is.
-- needs: published
select p.province, p.base, min(d.day) as first, max(d.day) as last
from publication p
left join published_day d on d.province = p.province
group by p.province, p.base
order by p.province
