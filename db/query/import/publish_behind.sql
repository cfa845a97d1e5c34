-- Whether rows were sent that what is published does not say yet.
select exists (select from publication where province = @province and due_on is not null)
