-- A province that is published for the first time gets a base and a secret.
insert into publication (province, base, secret) values (@province, @base, @secret) on conflict do nothing
