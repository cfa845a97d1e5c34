-- Unless anything has changed since hamlets were derived, as many addresses support each as declare it and lie in it (who lies on its edge may count or not), and the same hamlet under other communes.
with drawn as (
  select u.id, u.code, u.polygon_id, u.derived_support, d.derived_on, d.as_of, p.geometry,
    -- A drawn hamlet of other days may have taken land from it since.
    exists (select from unit w join polygon o on o.province = @province and o.id = w.polygon_id and o.geometry && p.geometry
            where w.province = @province and w.level = 'hamlet' and w.derived_support is null and w.valid && u.valid) as beside
  from dataset d
  join unit u on u.province = @province and u.derived_support is not null and u.valid @> d.derived_on
  join polygon p on p.province = @province and p.id = u.polygon_id
  where d.province = @province and d.derived_snapshot = d.snapshot
), counted as (
  select n.id,
    count(*) filter (where h.heir_id is not null and ST_Contains(n.geometry, a.position)) as least, -- in its inside, and surely its own
    count(*) filter (where ST_Covers(n.geometry, a.position)) as most
  from drawn n
  join unit v on v.province = @province and v.level = 'hamlet'
  left join unit_heir h on h.province = @province and h.unit_id = v.id and h.heir_id = n.id and h.period @> n.derived_on
  join lateral (
    select a.position from address a
    left join unit s on s.province = @province and s.level = 'hamlet' and s.code = a.hamlet_code and s.valid @> coalesce(a.surveyed_on, n.as_of)
    where a.province = @province and a.hamlet_code = v.code
      and (s.id = v.id or (s.id is null and v.valid @> n.derived_on))
  ) a on true
  where h.heir_id is not null or exists (select from unit_heir k where k.province = @province and k.unit_id = n.id and k.heir_id = v.id)
  group by n.id
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
