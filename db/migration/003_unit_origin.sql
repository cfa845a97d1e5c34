-- Derived, the mirror of unit_heir: where that which belongs to a unit belonged on the days before the unit began. With
-- its only predecessor (extent area_only brings no people); after a merger with the smallest unit that held all
-- predecessors; a unit that begins without a word continues the one of the same code, level and name that ended that day
-- without one. No row: nowhere.
create table unit_origin (
  province  text collate "C" not null,
  unit_id   bigint    not null,
  period    daterange not null,
  origin_id bigint    not null,
  primary key (province, unit_id, period)
);

-- Whom an old unit became is asked from the new one's side too.
create index succession_to on succession (province, to_level, to_code);

-- What query/import/unit_origin.sql says, for every province that is there already.
insert into unit_origin (province, unit_id, period, origin_id)
with recursive edge as (
  select s.province, t.id as unit_id, f.id as from_id, s.extent = 'area_only' as land
  from succession s
  join unit t on t.province = s.province and t.level = s.to_level and t.code = s.to_code and lower(t.valid) = s.effective_on
  join unit f on f.province = s.province and f.level = s.from_level and f.code = s.from_code and f.valid @> s.effective_on - 1
  union all
  select t.province, t.id, f.id, false
  from unit t
  join unit f on f.province = t.province and f.level = t.level and f.code = t.code and f.name_fold = t.name_fold and upper(f.valid) = lower(t.valid)
  where not exists (select from succession s where s.province = f.province and s.from_level = f.level and s.from_code = f.code and s.effective_on = upper(f.valid))
),
came as (
  select distinct e.province, e.unit_id, e.from_id
  from edge e
  where not e.land or not exists (select from edge p where p.province = e.province and p.unit_id = e.unit_id and not p.land)
),
stretch as (
  select province, day, lead(day) over (partition by province order by day) as until
  from (select province, lower(period) as day from unit_period union select province, upper(period) from unit_period where not upper_inf(period)) d
),
walk as (
  select c.province, c.unit_id, s.day, s.until, c.from_id as root_id
  from came c
  join unit u on u.province = c.province and u.id = c.unit_id
  join stretch s on s.province = c.province and s.day < lower(u.valid)
  union
  select w.province, w.unit_id, w.day, w.until, c.from_id
  from walk w
  join unit r on r.province = w.province and r.id = w.root_id and lower(r.valid) > w.day
  join came c on c.province = w.province and c.unit_id = w.root_id
),
shared as (
  select w.province, w.unit_id, w.day, w.until, coalesce(
    case when count(k.hamlet_id) = count(*) and min(k.hamlet_id) = max(k.hamlet_id) then min(k.hamlet_id) end,
    case when count(k.commune_id) = count(*) and min(k.commune_id) = max(k.commune_id) then min(k.commune_id) end,
    case when count(k.district_id) = count(*) and min(k.district_id) = max(k.district_id) then min(k.district_id) end,
    case when count(k.province_id) = count(*) and min(k.province_id) = max(k.province_id) then min(k.province_id) end) as origin_id
  from walk w
  join unit_period k on k.province = w.province and k.unit_id = w.root_id and k.period @> w.day
  group by w.province, w.unit_id, w.day, w.until
)
select province, unit_id, unnest(range_agg(daterange(day, until))), origin_id
from shared
where origin_id is not null
group by province, unit_id, origin_id;
