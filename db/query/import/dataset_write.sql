-- The province's next snapshot, where rows that were sent changed anything; the bundle it is of stays what it is. Answers the snapshot.
update dataset set
  snapshot = snapshot + case when @changed then 1 else 0 end, imported_at = case when @changed then @now else imported_at end,
  refreshed_on = case when @refreshed then @today else refreshed_on end
where province = @province
returning snapshot
