-- Takes out what households have taken up.
-- needs: erasure
delete from adoption where province = @province and household_code = any(@codes::text[])
