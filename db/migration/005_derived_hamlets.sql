-- Hamlets that nobody has drawn: their polygon is derived from the addresses that declare them.
alter table unit add column derived_support integer check (derived_support > 0);
comment on column unit.derived_support is 'polygon_id was derived from so many addresses; null: a bundle gave it, or there is none';
