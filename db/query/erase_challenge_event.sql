-- Takes the steps of what is disputed of households out.
-- needs: erasure
delete from challenge_event e
using challenge c
where e.province = @province and c.province = @province and c.id = e.challenge_id
  and (c.household_code = any(@codes::text[]) or c.other_scheme is null and c.other_code = any(@codes))
