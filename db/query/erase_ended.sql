-- The codes of the households that left the register before a day.
-- needs: erasure
select code from household where province = @province and ended_on < @before::date order by code
