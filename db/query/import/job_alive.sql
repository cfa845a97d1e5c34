-- Tells other programs that this one lives, for as long as the connection does.
select pg_advisory_lock(hashtextextended('vunglom program ' || @program::text, 0))
