-- Says what became of an open challenge.
update challenge set status = @status::text where province = @province and id = @id::bigint and status = 'open'
