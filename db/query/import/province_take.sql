-- Does as province_lock where no import or publication of the province is under way, and tells whether that is so.
select pg_try_advisory_xact_lock(hashtextextended('vunglom import ' || @province::text, 0))
