-- Remembers of which day the hamlets are that were derived, and in which snapshot.
update dataset set derived_on = @day, derived_snapshot = snapshot where province = @province
