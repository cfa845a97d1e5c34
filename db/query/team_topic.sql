-- Answers how many households, on the register on its day, each team had guided on each topic by then; the share (0 to 1) is of all that it had guided.
-- needs: aggregates
with taught as (
  select a.asked, h.code, string_agg(v.topics, ';') as topics
  from unnest(@provinces::text[], @codes::text[], @days::date[]) with ordinality as a (province, code, day, asked)
  join visit v on v.province = a.province and v.team_code = a.code and v.visited_on <= a.day and v.outcome = 'guided'
  join household h on h.province = v.province and h.code = v.household_code and h.registered_on <= a.day and (h.ended_on is null or h.ended_on > a.day)
  where v.province = any(@provinces::text[]) and h.province = any(@provinces)
  group by a.asked, h.code
),
-- include: household_topic
,
guided as (
  select asked, sum(households) as households from alike group by asked
)
select t.asked, t.topic, t.households, t.households::float8 / g.households as share
from told t
join guided g on g.asked = t.asked
order by t.asked, t.topic collate "C"
