-- The places to settle: those that have not been, or all of them.
select id, covers, declared from place where province = @province and (not settled or @all)
