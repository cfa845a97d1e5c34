-- Takes out what was corrected of households and by challenges about them, and the visits that these brought.
-- needs: erasure
delete from correction k
where k.province = @province and (k.what = 'household' and k.code = any(@codes::text[])
  or exists (select from challenge c where c.province = @province and c.id = k.challenge_id
    and (c.household_code = any(@codes) or c.other_scheme is null and c.other_code = any(@codes)))
  or k.what = 'visit' and exists (select from visit v where v.province = @province and v.code = k.code and v.household_code = any(@codes)))
