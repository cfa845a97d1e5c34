-- The places of households that declare where they live, and "nowhere", where they are not there yet.
insert into place (province, covers, declared, complete)
select distinct @province, covers, declared, false from household_declared where not complete
on conflict (province, covers, declared) do nothing
