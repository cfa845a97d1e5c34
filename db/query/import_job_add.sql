-- Adds a bundle that was sent and waits for its turn, and answers its number.
-- needs: import
insert into import_job (province, program, bytes, dry_run, strict)
values (@province::text, @program::text, @bytes::bigint, @dry_run::boolean, @strict::boolean)
returning id
