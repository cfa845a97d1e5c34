-- Begins an epoch of the numbers of changes where the server is not the one of before: it was started anew, perhaps with an older copy of the data.
insert into change_epoch (first, epoch, server)
select n.next, replace(gen_random_uuid()::text, '-', ''), n.server
from (
  select (select coalesce(max(sequence), 0) + 1 from change) as next,
    extract(epoch from pg_postmaster_start_time())::text || '/' || pg_relation_filenode('change') as server
) n
where n.server <> (select server from change_epoch order by first desc limit 1)
on conflict (first) do update set epoch = excluded.epoch, server = excluded.server
