-- Takes out what imports found wrong with rows that name the households: the sentence names what stood there.
-- needs: erasure
delete from import_problem p
where p.province = @province::text and exists (select from unnest(@codes::text[]) c (code) where strpos(p.value, c.code) > 0 or strpos(p.message, c.code) > 0)
