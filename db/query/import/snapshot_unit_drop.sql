-- Forgets what it touched.
delete from snapshot_unit where province = @province and number <= @oldest
