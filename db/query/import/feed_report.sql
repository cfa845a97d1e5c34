-- Tells the reports that differ from what was told, and those that are no more.
insert into change (province, kind, level, code, valid_from, day, measure, source, within, former, value, sequence)
with fresh as (
  select level, unit_code as code, as_of as day, measure, source,
    jsonb_build_object('value', value, 'qualifier', upper(qualifier), 'from', from_on, 'base', base, 'share', share) as value
  from report
  where province = @province
), told as (
  select level, code, day, measure, source, value from change where province = @province and kind = 'report'
), differs as (
  select level, code, day, measure, source, f.value
  from fresh f
  full join told t using (level, code, day, measure, source)
  where f.value is distinct from t.value
  order by level, code, measure, day, source
)
select @province, 'report', level, code, '-infinity', day, measure, source, '{}', '{}', value, nextval('change_sequence')
from differs
on conflict (province, kind, level, code, valid_from, day, measure, source) do update set value = excluded.value, sequence = excluded.sequence
