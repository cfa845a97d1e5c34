-- The provinces of which rows were sent before today, and what is published does not say so yet.
select province from publication where due_on < @today order by province
