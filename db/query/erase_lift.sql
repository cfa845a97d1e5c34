-- Forgets that households were erased: bundles bring them again.
-- needs: erasure
delete from erased where province = @province and household = any(@digests::bytea[])
