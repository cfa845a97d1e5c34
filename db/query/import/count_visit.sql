-- On which days a visit is one to a household on the register.
insert into delta_visit
select place_id, visited_on, from_on, ended_on, @sign::int * count(*)
from visited where from_on < ended_on
group by place_id, visited_on, from_on, ended_on
