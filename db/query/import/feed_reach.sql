-- The month ends whose figures are to be told by a day (@today), as days since 1970-01-01: from the first with anybody on the register, of a number of months (@most) at
-- most, to that of the data's day or of the latest change by then, of households, of who uses a service or of teams, whichever is the latest: what is dated later is told
-- when its month has come, and a year that was mistyped takes nothing from the past. Of a province with household addresses or teams and nobody on the register the last alone.
with known as (
  select greatest(d.as_of,
      (select max(m.month) from place_month m where m.province = @province and m.month <= @today::date),
      (select max(m.month) from place_service_month m where m.province = @province and m.month <= @today::date),
      (select max(n.day) from team t cross join lateral (values (lower(t.active)), (upper(t.active))) n (day) where t.province = @province and n.day <= @today::date),
      (select max(n.day) from team_service s cross join lateral (values (lower(s.served)), (upper(s.served))) n (day) where s.province = @province and n.day <= @today::date),
      (select max(n.day) from member m cross join lateral (values (lower(m.joined)), (upper(m.joined))) n (day) where m.province = @province and n.day <= @today::date)) as last
  from dataset d where d.province = @province
), reach as (
  select date_trunc('month', last) as last, (select min(m.month) from place_month m where m.province = @province and m.month <= last) as first
  from known
)
select (m + interval '1 month - 1 day')::date - date '1970-01-01' as day
from reach
cross join lateral generate_series(greatest(coalesce(first, last), last - make_interval(months => @most::int - 1)), last, interval '1 month') m
where first is not null or exists (select from place p where p.province = @province and p.addresses > 0) or exists (select from team t where t.province = @province)
order by day
