-- Sets the base of a province's figures, before it is loaded too.
-- needs: erasure
insert into publication (province, base, secret) values (@province::text, @base::integer, @secret::bytea)
on conflict (province) do update set base = excluded.base
