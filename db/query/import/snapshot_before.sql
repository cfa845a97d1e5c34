-- The province's snapshot before this import; 0: nothing is loaded of it.
select coalesce((select snapshot from dataset where province = @province), 0)
