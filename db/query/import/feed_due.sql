-- The provinces of which there is a month to tell of by a day (@today) that has not been told, because what happens in it was known before it came.
select d.province
from dataset d
where exists (
  select from place_month m
  where m.province = d.province and m.month <= @today::date and m.month > (select max(t.day) from change_day t where t.province = d.province))
order by d.province
