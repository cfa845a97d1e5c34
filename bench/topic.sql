-- The households of the province, on the register on a day, guided on each topic by then, as a hand would count them.
select x.topic, count(distinct v.household_code)::int
from visit v
cross join lateral unnest(string_to_array(v.topics, ';')) as x (topic)
join household h on h.province = v.province and h.code = v.household_code and h.registered_on <= $2 and (h.ended_on is null or h.ended_on > $2)
where v.province = $1 and v.outcome = 'guided' and v.visited_on <= $2
group by x.topic
order by x.topic collate "C"
