-- The new place of each address by its key, for the merge.
create index on located (scheme, code)
