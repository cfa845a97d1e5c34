-- Answers of the refs (level and code, which may be written PROVINCE/CODE) that name a unit on their days whether all that each names lie in the units granted, as those are that day; by ref.
-- needs: published
select a.asked, bool_and(exists (
    select from unnest(@granted_levels::text[], @granted_codes::text[], @granted_provinces::text[], @granted_codes_in_province::text[]) as g (level, code, province, code_in_province)
    join unit s on s.province = u.province and s.level = g.level and (s.code = g.code or (s.province = g.province and s.code = g.code_in_province))
    where s.id in (i.province_id, i.district_id, i.commune_id, i.hamlet_id)
  )) as inside
from unnest(@levels::text[], @codes::text[], @provinces::text[], @codes_in_province::text[], @days::date[]) with ordinality as a (level, code, province, code_in_province, day, asked)
join unit u on u.level = a.level and (u.code = a.code or (u.province = a.province and u.code = a.code_in_province)) and u.valid @> a.day
join unit_period i on i.province = u.province and i.unit_id = u.id and i.period @> a.day
where u.province = any(array(select s.province from dataset s)) and i.province = any(array(select s.province from dataset s))
group by a.asked
order by a.asked
