-- Answers the visits of each team by its day, and the households on the register on that day that it had guided by then, each once.
-- needs: aggregates
select a.asked, count(*)::int as visits, count(distinct h.code)::int as households
from unnest(@provinces::text[], @codes::text[], @days::date[]) with ordinality as a (province, code, day, asked)
join visit v on v.province = a.province and v.team_code = a.code and v.visited_on <= a.day
left join household h on v.outcome = 'guided' and h.province = v.province and h.code = v.household_code
  and h.registered_on <= a.day and (h.ended_on is null or h.ended_on > a.day)
where v.province = any(@provinces::text[])
group by a.asked
