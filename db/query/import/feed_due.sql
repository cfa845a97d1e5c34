-- The provinces of which there is a month to tell of by a day (@today) that has not been told, because what happens in it was known before it came.
select d.province
from dataset d
cross join lateral (select max(t.day) as day from change_day t where t.province = d.province) told
where exists (select from place_month m where m.province = d.province and m.month <= @today::date and m.month > told.day)
  or exists (select from place_service_month m where m.province = d.province and m.month <= @today::date and m.month > told.day)
  or exists (select from team t where t.province = d.province and (lower(t.active) <= @today::date and lower(t.active) > told.day or upper(t.active) <= @today::date and upper(t.active) > told.day))
  or exists (select from team_service s where s.province = d.province and (lower(s.served) <= @today::date and lower(s.served) > told.day or upper(s.served) <= @today::date and upper(s.served) > told.day))
  or exists (select from member m where m.province = d.province and (lower(m.joined) <= @today::date and lower(m.joined) > told.day or upper(m.joined) <= @today::date and upper(m.joined) > told.day))
order by d.province
