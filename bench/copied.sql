-- Makes tables for the rows of a bundle as they are, of the store's types; points are built as rows come, as an import has to.
create schema copied;
set search_path = copied, public;
create table units (
  province text collate "C" not null default '96', level text collate "C" not null, code text collate "C" not null, name text not null, kind text collate "C" not null,
  parent_level text collate "C", parent_code text collate "C", valid_from date not null, valid_to date, population integer, households integer,
  geometry geometry(MultiPolygon, 4326), name_fold text generated always as (fold(name)) stored
);
create table successions (
  province text collate "C" not null default '96', from_level text collate "C" not null, from_code text collate "C" not null, to_level text collate "C" not null,
  to_code text collate "C" not null, effective_on date not null, extent text collate "C" not null, decision text
);
create table designations (
  province text collate "C" not null default '96', level text collate "C" not null, code text collate "C" not null, scheme text collate "C" not null,
  value text collate "C" not null, decision text, valid_from date not null, valid_to date
);
create table addresses (
  province text collate "C" not null default '96', scheme text collate "C" not null, code text collate "C" not null, lon double precision not null, lat double precision not null,
  kind text collate "C" not null, commune_code text collate "C", hamlet_code text collate "C", label text, surveyed_on date, place_id bigint not null default 0,
  position geometry(Point, 4326) not null generated always as (st_setsrid(st_makepoint(lon, lat), 4326)) stored
);
create table service_points (
  province text collate "C" not null default '96', code text collate "C" not null, kind text collate "C" not null, name text not null, commune_code text collate "C",
  lon double precision not null, lat double precision not null, opened_on date, closed_on date,
  position geometry(Point, 4326) not null generated always as (st_setsrid(st_makepoint(lon, lat), 4326)) stored
);
create table services (
  province text collate "C" not null default '96', code text collate "C" not null, name_vi text not null, name_en text not null, counted_in text collate "C" not null
);
create table targets (
  province text collate "C" not null default '96', measure text collate "C" not null, level text collate "C", code text collate "C", share double precision not null,
  due_on date, source text
);
create table teams (
  province text collate "C" not null default '96', code text collate "C" not null, name text not null, level text collate "C" not null, kind text collate "C" not null,
  unit_code text collate "C" not null, decision text, established_on date not null, dissolved_on date, lon double precision, lat double precision,
  position geometry(Point, 4326) generated always as (st_setsrid(st_makepoint(lon, lat), 4326)) stored
);
create table team_service (
  province text collate "C" not null default '96', team_code text collate "C" not null, level text collate "C" not null, unit_code text collate "C" not null,
  from_on date not null, to_on date
);
create table members (
  province text collate "C" not null default '96', code text collate "C" not null, team_code text collate "C" not null, role text collate "C" not null,
  organization text, joined_on date not null, left_on date, trained_on date
);
create table households (
  province text collate "C" not null default '96', code text collate "C" not null, address_scheme text collate "C", address_code text collate "C",
  commune_code text collate "C", hamlet_code text collate "C", persons integer, registered_on date not null, ended_on date, place_id bigint not null default 0
);
create table visits (
  province text collate "C" not null default '96', code text collate "C" not null, household_code text collate "C" not null, team_code text collate "C" not null,
  visited_on date not null, outcome text collate "C" not null, topics text
);
create table adoptions (
  province text collate "C" not null default '96', household_code text collate "C" not null, service_code text collate "C" not null, adopted_on date not null, ended_on date
);
create table reports (
  province text collate "C" not null default '96', level text collate "C" not null, unit_code text collate "C" not null, measure text collate "C" not null,
  value double precision not null, qualifier text collate "C" not null, from_on date, as_of date not null, base text, share double precision, source text not null
);
create table located (province text collate "C" not null, scheme text collate "C" not null, code text collate "C" not null, unit_code text collate "C" not null);
