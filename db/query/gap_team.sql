-- Answers the cnscd teams with a base that are active on @day or were on the day of the last refresh of remoteness; by province, then code.
-- needs: decisions
select t.active @> @day::date as on_day, t.active @> s.refreshed_on as at_refresh,
-- include: team_column
from dataset s
join team t on t.province = s.province and t.kind = 'cnscd' and t.base is not null and (t.active @> @day::date or t.active @> s.refreshed_on)
where s.province = any(@provinces::text[]) and t.province = any(@provinces)
order by t.province, t.code
