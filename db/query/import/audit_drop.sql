-- Takes the entries before a moment out of the audit log, and answers how many there were. The owner's alone.
with dropped as (
  delete from audit_log where at < @before::timestamptz returning 1
)
select count(*)::int as entries from dropped
