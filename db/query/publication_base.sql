-- Answers the base of a province's figures; no row: none is settled.
-- needs: erasure
select base from publication where province = @province::text
