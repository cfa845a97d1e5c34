-- Takes households out.
-- needs: erasure
delete from household where province = @province and code = any(@codes::text[])
