-- The first day from which on any count changes on balance (days since 1970-01-01; null: none does), of addresses every day; and by how many places and days, those of the use of services included.
select min(day), count(*) from (
  select day - date '1970-01-01' as day from delta_day
  union all
  select -2147483648 from delta_address group by place_id having sum(household_addresses) <> 0
  union all
  select null from delta_service
) d
