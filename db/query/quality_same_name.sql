-- part: the cases of same_name: hamlets of one commune whose names differ on @day by nothing but marks, case or look-alike letters
select province, 'units' as table_name, level || '/' || code || '/' || lower(valid) as identity, unit_id,
  null::float8 as longitude, null::float8 as latitude, array[full_name, code, codes]::text[] as facts
from (
  select s.*, count(*) over alike as n, string_agg(s.code, ', ') over alike as codes
  from scope_unit s
  where s.level = 'hamlet'
  window alike as (partition by s.province, s.parent_id, s.full_fold order by s.code rows between unbounded preceding and unbounded following)
) s
where n > 1
