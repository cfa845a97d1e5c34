-- The days on which visits count.
insert into place_visit (province, place_id, visited_on, from_on, to_on, visits)
select @province, place_id, visited_on, from_on, to_on, sum(visits)
from delta_visit group by place_id, visited_on, from_on, to_on having sum(visits) <> 0
order by place_id, visited_on, from_on, to_on
on conflict (province, place_id, visited_on, from_on, to_on) do update set visits = place_visit.visits + excluded.visits
