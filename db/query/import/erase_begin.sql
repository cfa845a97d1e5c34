-- The households that are taken out.
insert into erased_household select code from unnest(@gone::text[]) code
