-- The places of the located points that are not there yet.
insert into place (province, covers, declared, complete)
select @province, covers, 0, false from (select distinct covers from cover_order union select '{}'::bigint[]) c
on conflict (province, covers, declared) do nothing
