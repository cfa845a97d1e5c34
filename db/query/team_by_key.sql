-- Answers the teams of the keys asked for.
-- needs: published
select
-- include: team_column
from unnest(@provinces::text[], @codes::text[]) as a (province, code)
join team t on t.province = a.province and t.code = a.code
where t.province = any(@provinces::text[])
