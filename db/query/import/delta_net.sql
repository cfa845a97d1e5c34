-- Leaves of the deltas what changes on balance: most of what was taken out was put in again.
create temporary table net_day on commit drop as
select place_id, day, sum(guided)::integer as guided, sum(attempted)::integer as attempted, sum(not_visited)::integer as not_visited,
       sum(ineligible)::integer as ineligible, sum(occupied)::integer as occupied
from delta_day group by place_id, day
having (sum(guided), sum(attempted), sum(not_visited), sum(ineligible), sum(occupied)) <> (0, 0, 0, 0, 0);
create temporary table net_visit on commit drop as
select place_id, visited_on, from_on, to_on, sum(visits)::integer as visits from delta_visit group by place_id, visited_on, from_on, to_on having sum(visits) <> 0;
create temporary table net_service on commit drop as
select place_id, service_code, day, sum(households)::integer as households from delta_service group by place_id, service_code, day having sum(households) <> 0;
create temporary table net_cell on commit drop as
select place_id, x, y, day, sum(guided)::integer as guided, sum(attempted)::integer as attempted, sum(not_visited)::integer as not_visited,
       sum(ineligible)::integer as ineligible, sum(occupied)::integer as occupied
from delta_cell group by place_id, x, y, day
having (sum(guided), sum(attempted), sum(not_visited), sum(ineligible), sum(occupied)) <> (0, 0, 0, 0, 0);
truncate delta_day, delta_cell, delta_visit, delta_service;
insert into delta_day select * from net_day;
insert into delta_cell select * from net_cell;
insert into delta_visit select * from net_visit;
insert into delta_service select * from net_service
