-- Where that which belongs to a unit belonged before the unit began, by days: with its predecessors, or what held all of them.
insert into unit_origin (province, unit_id, period, origin_id)
with recursive edge as (
  select t.id as unit_id, f.id as from_id, s.extent = 'area_only' as land
  from succession s
  join unit t on t.province = @province and t.level = s.to_level and t.code = s.to_code and lower(t.valid) = s.effective_on
  join unit f on f.province = @province and f.level = s.from_level and f.code = s.from_code and f.valid @> s.effective_on - 1
  where s.province = @province
  union all
  select t.id, f.id, false -- without a word: the same code, level and name go on
  from unit t
  join unit f on f.province = @province and f.level = t.level and f.code = t.code and f.name_fold = t.name_fold and upper(f.valid) = lower(t.valid)
  where t.province = @province and not exists (
    select from succession s where s.province = @province and s.from_level = f.level and s.from_code = f.code and s.effective_on = upper(f.valid))
),
came as (
  select distinct e.unit_id, e.from_id
  from edge e
  where not e.land or not exists (select from edge p where p.unit_id = e.unit_id and not p.land)
),
stretch as ( -- between these days no chain changes
  select day, lead(day) over (order by day) as until
  from (
    select lower(period) as day from unit_period where province = @province
    union
    select upper(period) from unit_period where province = @province and not upper_inf(period)
  ) d
),
walk as ( -- back to whoever was valid that day
  select c.unit_id, s.day, s.until, c.from_id as root_id
  from came c
  join unit u on u.province = @province and u.id = c.unit_id
  join stretch s on s.day < lower(u.valid)
  union
  select w.unit_id, w.day, w.until, c.from_id
  from walk w
  join unit r on r.province = @province and r.id = w.root_id and lower(r.valid) > w.day
  join came c on c.unit_id = w.root_id
),
shared as ( -- the smallest unit that held all of them
  select w.unit_id, w.day, w.until, coalesce(
    case when count(k.hamlet_id) = count(*) and min(k.hamlet_id) = max(k.hamlet_id) then min(k.hamlet_id) end,
    case when count(k.commune_id) = count(*) and min(k.commune_id) = max(k.commune_id) then min(k.commune_id) end,
    case when count(k.district_id) = count(*) and min(k.district_id) = max(k.district_id) then min(k.district_id) end,
    case when count(k.province_id) = count(*) and min(k.province_id) = max(k.province_id) then min(k.province_id) end) as origin_id
  from walk w
  join unit_period k on k.province = @province and k.unit_id = w.root_id and k.period @> w.day
  group by w.unit_id, w.day, w.until
)
select @province, unit_id, unnest(range_agg(daterange(day, until))), origin_id
from shared
where origin_id is not null
group by unit_id, origin_id
