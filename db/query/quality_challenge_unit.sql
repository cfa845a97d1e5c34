-- Answers a page of the units of a level, in a unit on a day, about which anything had been disputed by then: how much was open, accepted and rejected;
-- by code and province. What lies in no unit of the level is in none.
-- needs: decisions
with
-- include: quality_scope
,
counted as materialized (
  select u.*, c.open, c.accepted, c.rejected
  from (
    select c.province, case @level::text when 'hamlet' then c.hamlet_id when 'commune' then c.commune_id when 'district' then c.district_id else c.province_id end as unit_id,
      count(*) filter (where c.status = 'open') as open, count(*) filter (where c.status = 'accepted') as accepted, count(*) filter (where c.status = 'rejected') as rejected
    from scope_challenge c
    group by 1, 2
  ) c
  join unit u on u.province = c.province and u.id = c.unit_id
)
select 1 as asked, t.total,
-- include: unit_column
, u.open, u.accepted, u.rejected
from (select count(*) as total from counted) t
left join lateral (
  select * from counted
  where (code, province) > (@after_code::text, @after_province::text)
  order by code, province
  limit @take
) u on true
order by u.code, u.province
