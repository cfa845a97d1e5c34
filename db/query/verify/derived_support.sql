-- Unless anything has changed since hamlets were derived, as many addresses support each as declare it and lie in it (who lies on its edge may count or not), and the same hamlet under other communes.
with drawn as materialized (
  select u.id, u.code, u.polygon_id, u.derived_support, d.derived_on, p.geometry,
    -- A drawn hamlet of other days may have taken land from it since.
    exists (select from unit w join polygon o on o.province = @province and o.id = w.polygon_id and o.geometry && p.geometry
            where w.province = @province and w.level = 'hamlet' and w.derived_support is null and w.valid && u.valid) as beside
  from dataset d
  join unit u on u.province = @province and u.derived_support is not null and u.valid @> d.derived_on
  join polygon p on p.province = @province and p.id = u.polygon_id
  where d.province = @province and d.derived_snapshot = d.snapshot
), own as materialized ( -- the hamlets of other days that it was, and (not surely: they may hold others too) that it becomes
  select id, hamlet_id, bool_or(sure) as sure
  from (
    select n.id, h.unit_id as hamlet_id, true as sure from drawn n join unit_heir h on h.province = @province and h.heir_id = n.id and h.period @> n.derived_on
    union all
    select n.id, h.heir_id, false from drawn n join unit_heir h on h.province = @province and h.unit_id = n.id
  ) o
  group by id, hamlet_id
), declared as materialized (
  select coalesce(s.id, t.id) as hamlet_id, a.position
  from dataset d
  join address a on a.province = @province and a.hamlet_code is not null
  left join unit s on s.province = @province and s.level = 'hamlet' and s.code = a.hamlet_code and s.valid @> coalesce(a.surveyed_on, d.as_of)
  left join unit t on t.province = @province and t.level = 'hamlet' and t.code = a.hamlet_code and t.valid @> d.derived_on
  where d.province = @province and d.derived_snapshot = d.snapshot
), counted as materialized (
  select id, count(*) filter (where sure and inside) as least, count(*) as most
  from (
    select a.id, a.sure, ST_Contains(a.geometry, a.position) as inside
    from (
      select n.id, n.geometry, o.sure, d.position from drawn n join own o using (id) join declared d using (hamlet_id)
      order by n.id offset 0 -- one polygon after the other: each is prepared once
    ) a
    where ST_Covers(a.geometry, a.position)
  ) c
  group by id
)
select format('hamlet %s: supported by %s, by the addresses %s to %s', n.code, n.derived_support, coalesce(c.least, 0), coalesce(c.most, 0))
from drawn n left join counted c using (id)
where n.derived_support > coalesce(c.most, 0) or (not n.beside and n.derived_support < coalesce(c.least, 0))
union all
select format('hamlet %s valid %s: supported by %s, later by %s', v.code, v.valid, v.derived_support, n.derived_support)
from drawn n
join unit_heir h on h.province = @province and h.heir_id = n.id and h.unit_id <> n.id and h.period @> n.derived_on
join unit v on v.province = @province and v.id = h.unit_id and v.polygon_id = n.polygon_id
where v.derived_support is distinct from n.derived_support
