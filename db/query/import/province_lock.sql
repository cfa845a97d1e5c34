-- Lets one import or publication of a province happen at a time, until the transaction ends.
select pg_advisory_xact_lock(hashtextextended('vunglom import ' || @province::text, 0))
