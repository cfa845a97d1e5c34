-- Notes the month ends whose coverage is told by now, and those of which none is any more.
with stale as (
  delete from change_day where province = @province and day - date '1970-01-01' = any(@gone::int[])
)
insert into change_day (province, day)
select @province, date '1970-01-01' + f.day from unnest(@days::int[]) f (day)
on conflict (province, day) do nothing
