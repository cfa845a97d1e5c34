-- Wakes those who follow a province, once the transaction is kept.
select pg_notify(@channel::text, @province::text)
