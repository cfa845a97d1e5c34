-- Takes out what is disputed of households, also where one of them was said to stay.
-- needs: erasure
delete from challenge c
where c.province = @province and (c.household_code = any(@codes::text[]) or c.other_scheme is null and c.other_code = any(@codes))
