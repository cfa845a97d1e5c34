-- part: the cases of same_name: hamlets of one commune whose names differ on @day by nothing but marks, case or look-alike letters
select s.province, 'units' as table_name, s.level || '/' || s.code || '/' || lower(s.valid) as identity, s.id as unit_id,
  null::float8 as longitude, null::float8 as latitude, array[s.full_name, s.code, s.codes]::text[] as facts
from (
  select u.*, count(*) over alike as n, string_agg(u.code, ', ') over alike as codes
  from unit u
  join unit_period i on i.province = u.province and i.unit_id = u.id and i.period @> @day
  where u.province = any(array(select s.province from dataset s where @province::text in ('', s.province))) and u.level = 'hamlet'
  window alike as (partition by u.province, i.parent_id, u.full_fold order by u.code rows between unbounded preceding and unbounded following)
) s
where s.n > 1 and exists (select from scope_unit w where w.province = s.province and w.unit_id = s.id)
