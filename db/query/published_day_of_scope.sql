-- Answers the day that everybody is told of who asks about a day: the last one published until then in every province asked about; null where none publishes any. And the first day on which all do.
-- needs: published
select min(s.last) as last, max(s.first) as first, coalesce(bool_or(s.last is null) or min(s.last) < max(s.first), false) as before
from (
  select min(p.day) as first, max(p.day) filter (where p.day <= @day::date) as last
  from published_day p
  where p.province = any(array(select d.province from dataset d where @province::text in ('', d.province)))
  group by p.province
) s
