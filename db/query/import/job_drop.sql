-- Takes out the jobs that ended before a moment, with their problems, and answers how many there were.
with dropped as (
  delete from import_job where ended_at < @before::timestamptz returning 1
)
select count(*)::int as jobs from dropped
