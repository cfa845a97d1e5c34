-- Says what the key of erased identities makes of a constant.
insert into erasure_key (expected) values (@expected) on conflict (one) do update set expected = excluded.expected
