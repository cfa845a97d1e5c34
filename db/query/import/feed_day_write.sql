-- Notes of which counts the coverage of month ends is told by now; of days without a digest that nothing is told.
with stale as (
  delete from change_day where province = @province and day - date '1970-01-01' = any(@gone::int[])
)
insert into change_day (province, day, digest)
select @province, date '1970-01-01' + f.day, f.digest from unnest(@days::int[], @digests::bytea[]) f (day, digest)
on conflict (province, day) do update set digest = excluded.digest
