-- A unit that is designated remote is remote even where nothing could be measured of it: its row has no index then.
alter table remoteness alter column index drop not null;
comment on column remoteness.index is 'null: designated, and nothing else is known';
