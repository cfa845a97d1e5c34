-- Lets one transaction at a time tell of changes, until it ends: then the order of the numbers is that in which they appear.
select pg_advisory_xact_lock(hashtextextended('vunglom change', 0))
