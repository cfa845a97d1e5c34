-- Remembers since when what is published is of what was stored before.
update publication set due_on = @today where province = @province and due_on is null
