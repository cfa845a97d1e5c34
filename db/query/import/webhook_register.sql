-- Registers a system that is told of changes. Where it follows other ones than before, all that there are concern it anew.
with registered as (
  insert into webhook (consumer, kinds, units) values (@consumer, @kinds, @units::text[])
  on conflict (consumer) do update set kinds = excluded.kinds, units = excluded.units
    where webhook.kinds <> excluded.kinds or webhook.units is distinct from excluded.units
  returning consumer
)
insert into webhook_outbox (consumer) select consumer from registered
on conflict (consumer) do update set looked = 0
