-- Notes that a system took a message, unless another program has the message by now.
update webhook
set told = @sequence, told_at = clock_timestamp(), delivered = delivered + 1, attempts = 0, failing_since = null, failure = null,
  busy_until = '-infinity', next_at = clock_timestamp() + @pause::interval
where consumer = @consumer and busy_until = @lease
