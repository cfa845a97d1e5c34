-- Answers the members of each team on its day by role and organization, and how many of them had been trained by then; a team that is not active has none.
-- needs: aggregates
select a.asked, m.role, m.organization, count(*)::int as members, (count(*) filter (where m.trained_on <= a.day))::int as trained
from unnest(@provinces::text[], @codes::text[], @days::date[]) with ordinality as a (province, code, day, asked)
join team t on t.province = a.province and t.code = a.code and t.active @> a.day
join member m on m.province = t.province and m.team_code = t.code and m.joined @> a.day
where t.province = any(@provinces::text[])
group by a.asked, m.role, m.organization
order by a.asked, array_position(array['lead', 'deputy', 'member'], m.role), members desc, m.organization collate "C"
