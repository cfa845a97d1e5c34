-- The feed tells of teams, members and the use of services too, in the same rows; months are looked up with each write by what happens to the use of services as well.
create index place_service_month_of_province on place_service_month (province, month);

-- Which months are told is enough: what is counted anew is compared with what was told.
alter table change_day drop column digest;
comment on table change_day is 'Derived: the month ends of which coverage is told.';
