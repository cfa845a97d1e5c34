-- Tells a system again, at once, that was told no more or is left alone for a while.
update webhook set ended = null, ended_at = null, attempts = 0, failing_since = null, failure = null, next_at = '-infinity' where consumer = @consumer
