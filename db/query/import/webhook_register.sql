-- Registers a system that is told of changes. Where it follows other ones than before, or may read others, all that there are concern it anew.
with registered as (
  insert into webhook (consumer, kinds, units, granted) values (@consumer, @kinds, @units::text[], @granted::text[])
  on conflict (consumer) do update set kinds = excluded.kinds, units = excluded.units, granted = excluded.granted
    where webhook.kinds <> excluded.kinds or webhook.units is distinct from excluded.units or webhook.granted is distinct from excluded.granted
  returning consumer
)
insert into webhook_outbox (consumer) select consumer from registered
on conflict (consumer) do update set looked = 0, sequence = 0
