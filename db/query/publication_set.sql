-- Sets the base of a province's figures, before it is loaded too; one that is no multiple of the base settled before is left. Answers whether it was another.
-- needs: erasure
insert into publication (province, base, secret) values (@province::text, @base::integer, @secret::bytea)
on conflict (province) do update set base = excluded.base where publication.base <> excluded.base and excluded.base % publication.base = 0
