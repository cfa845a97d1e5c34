-- The places of points that these sets of polygons cover, where they are not there yet.
insert into place (province, covers, declared, complete)
select @province, covers::bigint[], 0, false from unnest(@covers::text[]) as covers
on conflict (province, covers, declared) do nothing
