-- Answers a page of the reports as of a day or an earlier one, about a code of a level or all, of a measure or all; by province, level, code, measure, day, source.
-- needs: published
with shown as materialized (
  select r.*, u.id as unit_id, array_position(array['province', 'district', 'commune', 'hamlet'], r.level) as rank
  from report r
  join unit u on u.province = r.province and u.level = r.level and u.code = r.unit_code and u.valid @> r.as_of
  where r.province = any(array(select s.province from dataset s))
    and (@code::text = '' or (r.province = @province::text and r.level = @level::text and r.unit_code = @code))
    and @measure::text in ('', r.measure)
    and r.as_of <= @day::date
)
select 1 as asked, t.total,
-- include: report_column
from (select count(*) as total from shown) t
left join lateral (
  select * from shown
  where (province, rank, unit_code, measure, as_of, source collate "C")
    > (@after_province::text, @after_rank::int, @after_code::text, @after_measure::text, @after_as_of::date, @after_source::text collate "C")
  order by province, rank, unit_code, measure, as_of, source collate "C"
  limit @take
) r on true
order by r.province, r.rank, r.unit_code, r.measure, r.as_of, r.source collate "C"
