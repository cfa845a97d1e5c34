-- When hamlets were last derived: what supports each can be counted again while nothing has changed since.
alter table dataset add column derived_on date, add column derived_snapshot bigint;
comment on column dataset.derived_on is 'the day of the hamlets that were derived last; null: none were';
comment on column dataset.derived_snapshot is 'the snapshot that came of it';
