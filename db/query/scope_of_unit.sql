-- Answers which of the units lie on their days in the units granted, as those are that day; outside of a unit's validity on its nearest day; by number.
-- needs: published
select a.asked
from unnest(@provinces::text[], @ids::bigint[], @days::date[]) with ordinality as a (province, id, day, asked)
cross join lateral (
  select * from unit_period p
  where p.province = a.province and p.unit_id = a.id
  order by p.period @> a.day desc, case when lower(p.period) > a.day then lower(p.period) - a.day else a.day - upper(p.period) end
  limit 1
) i
where exists (
    select from unnest(@granted_levels::text[], @granted_codes::text[], @granted_provinces::text[], @granted_codes_in_province::text[]) as g (level, code, province, code_in_province)
    join unit s on s.province = a.province and s.level = g.level and (s.code = g.code or (s.province = g.province and s.code = g.code_in_province))
    where s.province = any(@provinces) and s.id in (i.province_id, i.district_id, i.commune_id, i.hamlet_id)
  )
order by a.asked
