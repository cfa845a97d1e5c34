-- Remembers the hashes of what was erased.
-- needs: erasure
insert into erased (province, household, address)
select @province, e.household, e.address from unnest(@households::bytea[], @addresses::bytea[]) e (household, address)
