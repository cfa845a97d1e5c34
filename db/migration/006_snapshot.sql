-- What each import that changed anything has touched, for those who follow a province: open pages, and feeds of changes.

-- One row a snapshot, the latest 1,000 of each province.
create table snapshot (
  province  text collate "C" not null,
  number    bigint      not null,               -- dataset.snapshot as this import left it
  as_of     date        not null,               -- the day the bundle was about
  landed_at timestamptz not null,
  complete  boolean     not null,               -- snapshot_unit names every unit it touched; false: any may be touched
  primary key (province, number)
);

-- Derived: the units of which a snapshot changed a figure, a shape or a fact, and every unit that these have ever lain in.
create table snapshot_unit (
  province text collate "C" not null,
  number   bigint not null,
  unit_id  bigint not null,
  primary key (province, number, unit_id)
);

-- Of what is loaded already nobody has kept what it touched.
insert into snapshot (province, number, as_of, landed_at, complete)
select province, snapshot, as_of, imported_at, false from dataset;
