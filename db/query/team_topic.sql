-- Answers how many households, on the register on its day, each team had guided on each topic by then.
with taught as (
  select a.asked, h.code, string_agg(v.topics, ';') as topics
  from unnest(@provinces::text[], @codes::text[], @days::date[]) with ordinality as a (province, code, day, asked)
  join visit v on v.province = a.province and v.team_code = a.code and v.visited_on <= a.day and v.outcome = 'guided' and v.topics is not null
  join household h on h.province = v.province and h.code = v.household_code and h.registered_on <= a.day and (h.ended_on is null or h.ended_on > a.day)
  where v.province = any(@provinces::text[])
  group by a.asked, h.code
),
-- include: household_topic
select asked, topic, households from told order by asked, topic collate "C"
