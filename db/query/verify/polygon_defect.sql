-- The overlaps of polygons are those that cutting every pair finds, and so are the holes that units have on the last day and on the eve of the last change of communes.
with pair as (
  select least(a.polygon_id, b.polygon_id) as a, greatest(a.polygon_id, b.polygon_id) as b
  from unit a join unit b on b.province = @province and b.level = a.level and b.id > a.id and b.valid && a.valid
  join polygon pa on pa.province = @province and pa.id = a.polygon_id join polygon pb on pb.province = @province and pb.id = b.polygon_id and pb.geometry && pa.geometry
  where a.province = @province group by 1, 2
), cut as (
  select r.a, r.b, ST_Area(ST_CollectionExtract(ST_Intersection(pa.geometry, pb.geometry), 3)::geography) / 1e6 as km2
  from pair r join polygon pa on pa.province = @province and pa.id = r.a join polygon pb on pb.province = @province and pb.id = r.b
), day as (
  select @today::date as day union select max(lower(valid)) - 1 from unit where province = @province and level = 'commune'
), covered as (
  select i.parent_id, d.day, h.level, ST_Union(hp.geometry) as geometry
  from day d join unit_period i on i.province = @province and i.period @> d.day
  join unit h on h.province = @province and h.id = i.unit_id join polygon hp on hp.province = @province and hp.id = h.polygon_id
  group by 1, 2, 3
), left_over as (
  select c.parent_id, c.day, c.level,
    case when ST_Covers(c.geometry, pp.geometry) then 0 else ST_Area(ST_Difference(pp.geometry, c.geometry)::geography) / 1e6 end as km2 -- most units are whole, which is told in a quarter of the time
  from covered c join unit p on p.province = @province and p.id = c.parent_id join polygon pp on pp.province = @province and pp.id = p.polygon_id
)
select format('polygons %s and %s overlap by %s km2, stored is %s', coalesce(c.a, o.a), coalesce(c.b, o.b), c.km2, o.km2)
from cut c full join (select * from polygon_overlap where province = @province) o using (a, b)
where abs(coalesce(c.km2, 0) - coalesce(o.km2, 0)) > 1e-6
union all
select format('unit %s has a hole of %s km2 between its %ss on %s, stored is %s', l.parent_id, l.km2, l.level, l.day, h.km2)
from left_over l left join polygon_hole h on h.province = @province and h.unit_id = l.parent_id and h.level = l.level and h.period @> l.day
where (l.km2 >= 0.0001) <> (h.km2 is not null) and abs(l.km2 - 0.0001) > 1e-6 or abs(l.km2 - h.km2) > 1e-6
union all
select format('unit %s has a hole on %s without children of level %s', h.unit_id, d.day, h.level)
from polygon_hole h join day d on h.period @> d.day
where h.province = @province and not exists (select from left_over l where l.parent_id = h.unit_id and l.level = h.level and l.day = d.day)
