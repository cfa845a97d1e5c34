-- Where polygons overlap and leave holes: found at import whenever units change, because it takes seconds to minutes; the state of the
-- data is asked for in milliseconds.

-- Derived: pairs of polygons that overlap and that two units of one level have on a common day; a = b: one polygon, twice.
create table polygon_overlap (
  province text collate "C" not null,
  a        bigint not null,                      -- ids of polygon, a <= b
  b        bigint not null,
  km2      double precision not null,            -- geodesic, WGS 84
  position geometry(Point, 4326) not null,       -- a point in the overlap
  primary key (province, a, b)
);

-- Derived: what the polygons of a unit's children of a level leave uncovered of its own, by days; of at least 100 m2.
create table polygon_hole (
  province text collate "C" not null,
  unit_id  bigint    not null,                   -- the parent
  level    text collate "C" not null,            -- of the children
  period   daterange not null,                   -- during which the parent has just these children
  km2      double precision not null,            -- geodesic, WGS 84
  position geometry(Point, 4326) not null,       -- a point in the hole
  primary key (province, unit_id, level, period)
);

insert into polygon_overlap (province, a, b, km2, position)
with near as materialized (
  select pa.province, pa.id as a, pb.id as b
  from polygon pa
  join polygon pb on pb.province = pa.province and pb.geometry && pa.geometry and pb.id >= pa.id
  where true
), pair as materialized (
  select distinct n.province, n.a, n.b
  from near n
  join unit ua on ua.province = n.province and ua.polygon_id = n.a
  join unit ub on ub.province = n.province and ub.polygon_id = n.b and ub.level = ua.level and ub.valid && ua.valid and ub.id <> ua.id
)
select r.province, r.a, r.b, ST_Area(i.common::geography) / 1e6, ST_PointOnSurface(i.common)
from pair r
join polygon pa on pa.province = r.province and pa.id = r.a
join polygon pb on pb.province = r.province and pb.id = r.b
cross join lateral (select ST_CollectionExtract(ST_Intersection(pa.geometry, pb.geometry), 3) as common) i
where (r.a = r.b or ST_Relate(pa.geometry, pb.geometry, '2********')) and not ST_IsEmpty(i.common);

insert into polygon_hole (province, unit_id, level, period, km2, position)
with child as materialized (
  select c.province, c.parent_id, h.level, c.period, p.id as polygon_id
  from unit_period c
  join unit h on h.province = c.province and h.id = c.unit_id
  join polygon p on p.province = c.province and p.id = h.polygon_id
  where true and c.parent_id is not null
), turn as (
  select province, parent_id, level, lower(period) as day from child
  union
  select province, parent_id, level, upper(period) from child where not upper_inf(period)
), span as (
  select t.province, t.parent_id, t.level, p.id as polygon_id, p.geometry, p.area_km2,
    daterange(t.day, lead(t.day) over (partition by t.province, t.parent_id, t.level order by t.day)) as period
  from turn t
  join unit u on u.province = t.province and u.id = t.parent_id
  join polygon p on p.province = t.province and p.id = u.polygon_id
), suspect as materialized (
  select s.province, s.parent_id, s.level, s.period, s.polygon_id
  from span s
  join child c on c.province = s.province and c.parent_id = s.parent_id and c.level = s.level and c.period && s.period
  join polygon p on p.province = s.province and p.id = c.polygon_id
  group by s.province, s.parent_id, s.level, s.period, s.polygon_id
  having abs(sum(p.area_km2) - min(s.area_km2)) > 1e-5
      or abs(min(ST_XMin(p.geometry)) - min(ST_XMin(s.geometry))) > 1e-9 or abs(max(ST_XMax(p.geometry)) - min(ST_XMax(s.geometry))) > 1e-9
      or abs(min(ST_YMin(p.geometry)) - min(ST_YMin(s.geometry))) > 1e-9 or abs(max(ST_YMax(p.geometry)) - min(ST_YMax(s.geometry))) > 1e-9
      or array_agg(p.id) && (select array_agg(o.a) from polygon_overlap o where o.province = s.province)
)
select s.province, s.parent_id, s.level, s.period, g.km2, ST_PointOnSurface(g.hole)
from suspect s
join polygon p on p.province = s.province and p.id = s.polygon_id
cross join lateral (
  select ST_Union(cp.geometry) as covered
  from child c
  join polygon cp on cp.province = s.province and cp.id = c.polygon_id
  where c.province = s.province and c.parent_id = s.parent_id and c.level = s.level and c.period && s.period
) d
cross join lateral (select ST_CollectionExtract(ST_Difference(p.geometry, d.covered), 3) as hole) f
cross join lateral (select f.hole, ST_Area(f.hole::geography) / 1e6 as km2) g
where g.km2 >= 0.0001;
