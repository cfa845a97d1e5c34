-- Answers how many members each team has on its day; a team that is not active has none.
-- needs: published
select a.asked, count(m.team_code) as members
from unnest(@provinces::text[], @codes::text[], @days::date[]) with ordinality as a (province, code, day, asked)
join team t on t.province = a.province and t.code = a.code and t.active @> a.day
left join member m on m.province = t.province and m.team_code = t.code and m.joined @> a.day
where t.province = any(@provinces::text[])
group by a.asked
