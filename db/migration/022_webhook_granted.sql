-- A system that is told that there are changes is told of those alone that it may read.

alter table webhook add column granted text[]; -- in which units it may read coverage, written as units are; null: everywhere
