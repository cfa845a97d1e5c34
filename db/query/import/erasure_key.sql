-- What the key of erased identities makes of a constant, and whether anything is erased under it.
select expected, exists (select from erased) as used from erasure_key
