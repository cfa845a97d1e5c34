-- Notices that a database was restored from an older copy: the numbers of changes go on from there and come to mean others, so that a cursor that
-- was given before would leave changes out. Whatever restores ends the server or makes the table anew; the first who tells of changes then begins an
-- epoch, and a cursor holds while the epoch that it was given in is still the one of its number.

-- Durable: from which number on which epoch holds.
create table change_epoch (
  first  bigint primary key, -- the first number of it
  epoch  text collate "C" not null, -- names it in cursors; made by chance, so that no two are the same
  server text collate "C" not null -- when the server began and which files it has, as when the epoch began
);

-- What was told so far. Cursors that were given then name no epoch.
insert into change_epoch (first, epoch, server) values (0, '', '');
