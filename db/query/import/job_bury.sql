-- Ends the jobs of programs that are no more: nobody holds their lock.
update import_job j set state = 'failed', ended_at = clock_timestamp(), failed = @failed::text
where j.state in ('waiting', 'running') and j.program <> @program::text and not exists (
  select from pg_catalog.pg_locks l
  where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
    and (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended('vunglom program ' || j.program, 0))
