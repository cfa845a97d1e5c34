-- part: the cases of stale_dataset: provinces whose latest bundle is not after @day minus @stale_after_months months
select s.province, 'bundle' as table_name, s.province as identity, null::bigint as unit_id,
  null::float8 as longitude, null::float8 as latitude, array[s.as_of::text]::text[] as facts
from dataset s
where @province in ('', s.province) and s.as_of <= (@day - make_interval(months => @stale_after_months::int))::date
