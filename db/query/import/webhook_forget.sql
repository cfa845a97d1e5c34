-- Forgets a system that was told of changes, and what it was to be told.
delete from webhook where consumer = @consumer
