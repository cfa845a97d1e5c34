-- What is published is of what is stored.
update publication set due_on = null where province = @province and due_on is not null
