-- Forgets a snapshot that nobody who follows the province is behind any more, and those before it.
delete from snapshot where province = @province and number <= @oldest
