-- Answers which units each of the refs (level and code, which may be written PROVINCE/CODE) names on @day, with the chain above it; by ref, then province.
-- needs: published
select a.asked,
-- include: unit_column
  , i.province_id, i.district_id, i.commune_id, i.hamlet_id
from unnest(@levels::text[], @codes::text[], @provinces::text[], @codes_in_province::text[]) with ordinality as a (level, code, province, code_in_province, asked)
join unit u on u.level = a.level and (u.code = a.code or (u.province = a.province and u.code = a.code_in_province)) and u.valid @> @day::date
join unit_period i on i.province = u.province and i.unit_id = u.id and i.period @> @day::date
where u.province = any(array(select s.province from dataset s)) and i.province = any(array(select s.province from dataset s))
order by a.asked, u.province, u.code
