-- What everybody may see: figures of month ends from which no household can be told (package disclosure). Public answers are made of
-- published and published_day alone.

-- One row a province: how its figures are published. Nobody but whoever publishes may read it.
create table publication (
  province text collate "C" primary key,
  base     integer not null check (base between 3 and 1000), -- figures are multiples of it
  secret   bytea   not null                                  -- who knows it and the figures knows more of the counts
);

-- Derived: the month ends that are published.
create table published_day (
  province text collate "C" not null,
  day      date    not null,  -- the last of its month
  base     integer not null,
  digest   bytea   not null,  -- of what the figures were made of, signed with the secret: the same, and they need not be made again
  primary key (province, day)
);

-- Derived: the figures of a unit, itself and all that lies in it, on the boundaries of the day. A unit without a row has only zeros.
create table published (
  province    text collate "C" not null,
  day         date    not null,
  unit_id     bigint  not null,  -- 0: everything in the province's data, what lies nowhere too
  guided      integer not null,
  attempted   integer not null,
  not_visited integer not null,
  ineligible  integer not null,
  unknown     integer not null,  -- household addresses with nobody on the register
  addresses   integer not null,  -- household addresses
  primary key (province, day, unit_id)
);
