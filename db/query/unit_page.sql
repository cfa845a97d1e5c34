-- Answers a page of the units valid on a day, in a province, in a unit or in a box (degrees), by level, code, province.
-- needs: published
with shown as materialized (
  select u.*, array_position(array['province', 'district', 'commune', 'hamlet'], u.level) as rank
  from unit u
  where u.province = any(array(select s.province from dataset s where @province::text in ('', s.province)))
    and u.valid @> @day::date
    and @level::text in ('', u.level)
    and (@within::bigint = 0 or exists (
      select from unit_period p
      where p.province = u.province and p.unit_id = u.id and p.period @> @day::date
        and case @within_level::text when 'province' then p.province_id when 'district' then p.district_id
            when 'commune' then p.commune_id else p.hamlet_id end = @within))
    and (@west::float8 is null or exists (
      select from polygon g
      where g.province = u.province and g.id = u.drawn_id
        and st_intersects(g.geometry, st_makeenvelope(@west, @south::float8, @east::float8, @north::float8, 4326))))
)
select 1 as asked, t.total,
-- include: unit_column
from (select count(*) as total from shown) t
left join lateral (
  select * from shown
  where (rank, code, province) > (@after_rank::int, @after_code::text, @after_province::text)
  order by rank, code, province
  limit @take
) u on true
order by u.rank, u.code, u.province
