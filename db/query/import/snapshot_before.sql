-- The province's snapshot before this import, 0: nothing is loaded of it; and whether remoteness was worked out today.
select coalesce(max(snapshot), 0), coalesce(bool_and(refreshed_on = @today), false) from dataset where province = @province
