-- Takes the visits of households out.
-- needs: erasure
delete from visit where province = @province and household_code = any(@codes::text[])
