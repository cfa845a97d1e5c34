-- The stretches are made anew for the next count.
drop table visited
