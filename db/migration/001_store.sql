-- What is stored. Three kinds of tables: what bundles said (one a table of the contract), what follows from
-- where things lie (polygon, unit_period, unit_heir, place, place_period, team_period), and roll-ups (place_day,
-- place_month, place_visit, place_service_day, place_service_month, remoteness, polygon_shape).
--
-- Rules: `province` comes first in every key, so that one province is one shard; codes are text and compare byte by
-- byte (collate "C"), because "the smallest code" must not depend on a server's locale; every period is half-open.
-- References between facts are held by the import's checks and by `verify`, not by foreign keys: an import checks a
-- million references as two joins, and a key per row would cost more than the import.

create extension if not exists postgis;
create extension if not exists btree_gist;
create extension if not exists pg_trgm;

-- fold gives the form in which names are searched: lower case, no marks, đ and its look-alike eth as d, one space.
create function fold(name text) returns text language sql immutable strict parallel safe as $$
  select btrim(regexp_replace(translate(regexp_replace(normalize(lower(name collate "und-x-icu"), NFD), '[\u0300-\u036F]', '', 'g'),
    'đðɖ’ʼ', 'ddd'''''), '\s+', ' ', 'g'))
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- What is loaded

-- One row a province: its latest import.
create table dataset (
  province    text collate "C" primary key,
  as_of       date        not null,
  source      text        not null,
  licence     text,
  srid        integer     not null,   -- of the bundle; everything stored is EPSG:4326
  synthetic   boolean     not null,
  imported_at timestamptz not null,   -- when the import landed that last changed anything
  snapshot    bigint      not null,   -- counts the imports that changed anything
  refreshed_on date       not null,   -- "today" of the last refresh of remoteness, in Asia/Ho_Chi_Minh
  west double precision, south double precision, east double precision, north double precision -- of all polygons ever
);

-- How a kind of unit is written before its name; shared by all provinces.
create table unit_kind (
  kind  text collate "C" primary key,
  label text not null                 -- "xã"
);
insert into unit_kind values
  ('tinh', 'tỉnh'), ('thanh_pho', 'thành phố'), ('huyen', 'huyện'), ('quan', 'quận'), ('thi_xa', 'thị xã'),
  ('xa', 'xã'), ('phuong', 'phường'), ('thi_tran', 'thị trấn'), ('dac_khu', 'đặc khu'),
  ('ap', 'ấp'), ('khom', 'khóm'), ('thon', 'thôn'), ('ban', 'bản'), ('buon', 'buôn'), ('lang', 'làng'), ('bon', 'bon'), ('plei', 'plei'),
  ('xom', 'xóm'), ('khu', 'khu'), ('khu_pho', 'khu phố'), ('khoi', 'khối'), ('khoi_pho', 'khối phố'), ('to', 'tổ'), ('to_dan_pho', 'tổ dân phố'),
  ('tieu_khu', 'tiểu khu'), ('khu_dan_cu', 'khu dân cư'), ('khoi_xom', 'khối xóm'), ('soc', 'sóc'), ('khu_vuc', 'khu vực');

-- ---------------------------------------------------------------------------------------------------------------
-- Polygons and units

-- One row a distinct polygon, however many units have it: a hamlet that passes to another commune keeps its polygon.
create table polygon (
  province text collate "C" not null,
  id       bigint generated always as identity,
  digest   uuid     not null,                    -- md5 of the normalised geometry's EWKB, so that the order of rings tells nothing apart
  geometry geometry(MultiPolygon, 4326) not null,
  area_km2 double precision not null,            -- geodesic, WGS 84
  label    geometry(Point, 4326) not null,       -- a point inside
  primary key (province, id),
  unique (province, digest)
);
create index polygon_geometry on polygon using gist (geometry);

-- Derived: the polygons that points are located in, those of communes and hamlets.
create table polygon_cover (
  province text collate "C" not null,
  id       bigint not null,
  primary key (province, id)
);

-- The polygon's generalised forms: a GeoJSON geometry object as text, ready to be sent. zoom 99 is full detail.
create table polygon_shape (
  province   text collate "C" not null,
  polygon_id bigint   not null,
  zoom       smallint not null,
  geojson    text     not null,
  primary key (province, polygon_id, zoom)
);
alter table polygon_shape alter column geojson set storage external;  -- sent as it is: not worth unpacking each time

-- Administrative units of every level and every time.
create table unit (
  province     text collate "C" not null,
  id           bigint generated always as identity,
  level        text collate "C" not null check (level in ('province', 'district', 'commune', 'hamlet')),
  code         text collate "C" not null,
  name         text not null,
  kind         text collate "C" not null,
  full_name    text not null,                    -- "xã Khánh An": unit_kind.label and name
  parent_level text collate "C",
  parent_code  text collate "C",
  valid        daterange not null,               -- [valid_from, valid_to); no upper bound while it stands
  population   integer,
  households   integer,
  polygon_id   bigint,                           -- as the bundle gave it; null: none
  drawn_id     bigint,                           -- what the map draws: polygon_id, or for a commune without one the union of its hamlets
  name_fold    text generated always as (fold(name)) stored,
  full_fold    text generated always as (fold(full_name)) stored,
  primary key (province, id),
  exclude using gist (province with =, level with =, code with =, valid with &&) deferrable initially deferred
);
create index unit_code on unit (province, level, code);
create index unit_by_code on unit (level, code);          -- a UnitRef names no province: this finds it
create index unit_drawn on unit (province, drawn_id);
create index unit_polygon on unit (province, polygon_id);
create index unit_full_fold on unit using gin (full_fold gin_trgm_ops);

-- Derived: the chain above a unit, by days. Each level's column holds the unit of that level that this unit is or
-- lies in; null: none. parent_id is the next one above. Periods of one unit are disjoint and cover its validity.
create table unit_period (
  province    text collate "C" not null,
  unit_id     bigint    not null,
  period      daterange not null,
  parent_id   bigint,
  province_id bigint,
  district_id bigint,
  commune_id  bigint,
  hamlet_id   bigint,
  primary key (province, unit_id, period)
);
create index unit_period_parent on unit_period (province, parent_id);

-- Derived: where that which belonged to a unit belongs on later days. During its own validity a unit is its own
-- heir; then its only successor (extent area_only takes no people); after a split the smallest unit that holds all
-- successors; a unit that ends without a word is continued by the one of the same code, level and name that begins
-- that day. No row: nowhere.
create table unit_heir (
  province text collate "C" not null,
  unit_id  bigint    not null,
  period   daterange not null,
  heir_id  bigint    not null,
  primary key (province, unit_id, period)
);

create table succession (
  province     text collate "C" not null,
  from_level   text collate "C" not null,
  from_code    text collate "C" not null,
  to_level     text collate "C" not null,
  to_code      text collate "C" not null,
  effective_on date not null,
  extent       text collate "C" not null,
  decision     text,
  primary key (province, from_level, from_code, to_level, to_code, effective_on, extent)
);

create table designation (
  province   text collate "C" not null,
  level      text collate "C" not null,
  code       text collate "C" not null,
  scheme     text collate "C" not null,
  value      text collate "C" not null,
  decision   text,
  valid      daterange not null,
  primary key (province, level, code, scheme, value, valid)
);

-- ---------------------------------------------------------------------------------------------------------------
-- Places: sets of points that the same polygons cover

-- A place is all points with the same covers; for people without a point (or whose point no commune covers) it also
-- tells the unit they declare. The place with no covers and no declared unit is "nowhere".
create table place (
  province  text collate "C" not null,
  id        bigint generated always as identity,
  covers    bigint[] not null,                  -- ids of the covering polygons, ascending
  declared  bigint   not null default 0,        -- a unit's id; 0: none
  complete  boolean  not null,                  -- covered by a commune on every day from the province's first unit on
  addresses integer  not null default 0,        -- addresses of kind household: they have no dates, so they count on every day
  settled   boolean  not null default false,    -- place_period and complete have been derived
  primary key (province, id),
  unique (province, covers, declared)
);

-- Derived: which units a place lies in, by days. No row for a day: nowhere.
create table place_period (
  province    text collate "C" not null,
  place_id    bigint    not null,
  period      daterange not null,
  province_id bigint,
  district_id bigint,
  commune_id  bigint,
  hamlet_id   bigint,
  primary key (province, place_id, period)
);
create index place_period_hamlet   on place_period (province, hamlet_id);
create index place_period_commune  on place_period (province, commune_id);
create index place_period_district on place_period (province, district_id);
create index place_period_province on place_period (province, province_id);

-- ---------------------------------------------------------------------------------------------------------------
-- What bundles say

create table address (
  province     text collate "C" not null,
  scheme       text collate "C" not null,
  code         text collate "C" not null,
  position     geometry(Point, 4326) not null,
  kind         text collate "C" not null,
  commune_code text collate "C",                -- as declared, not as located
  hamlet_code  text collate "C",
  label        text,
  surveyed_on  date,
  place_id     bigint not null,                 -- derived
  primary key (province, scheme, code)
);
create index address_place on address (province, place_id);
create index address_position on address using spgist (position);  -- half the cost of gist for an import, and points need no more

create table service_point (
  province     text collate "C" not null,
  code         text collate "C" not null,
  kind         text collate "C" not null,
  name         text not null,
  commune_code text collate "C",
  position     geometry(Point, 4326) not null,
  open         daterange not null,
  primary key (province, code)
);
create index service_point_position on service_point using gist (position);

create table service (
  province   text collate "C" not null,
  code       text collate "C" not null,
  name_vi    text not null,
  name_en    text not null,
  counted_in text collate "C" not null,
  primary key (province, code)
);

create table target (
  province text collate "C" not null,
  measure  text collate "C" not null,
  level    text collate "C" not null default '', -- '' with code '': the whole province
  code     text collate "C" not null default '',
  share    double precision not null,
  due_on   date not null default 'infinity',     -- infinity: no day named
  source   text,
  primary key (province, measure, level, code, share, due_on)
);

create table team (
  province  text collate "C" not null,
  code      text collate "C" not null,
  name      text not null,
  level     text collate "C" not null,
  kind      text collate "C" not null,
  unit_code text collate "C" not null,
  decision  text,
  active    daterange not null,                 -- [established_on, dissolved_on)
  position  geometry(Point, 4326),              -- as given
  unit_id   bigint not null,                    -- derived: the unit named, as valid on established_on
  base      geometry(Point, 4326),              -- derived: position, else the label point of its unit
  primary key (province, code)
);
create index team_base on team using gist (base);
create index team_unit on team (province, unit_id);

create table team_service (
  province  text collate "C" not null,
  team_code text collate "C" not null,
  level     text collate "C" not null,
  unit_code text collate "C" not null,
  served    daterange not null,
  from_on   date not null,
  primary key (province, team_code, level, unit_code, from_on)
);

-- Derived: the units a team serves while it is active, by days (its own unit's heirs and those of team_service), with
-- the chain above each. unit_id is the unit served itself.
create table team_period (
  province    text collate "C" not null,
  team_code   text collate "C" not null,
  kind        text collate "C" not null,
  own         boolean   not null,               -- its own unit, not one from team_service
  period      daterange not null,
  unit_id     bigint    not null,
  province_id bigint,
  district_id bigint,
  commune_id  bigint,
  hamlet_id   bigint
);
create index team_period_team on team_period (province, team_code);
create index team_period_unit on team_period (province, unit_id);

create table member (
  province     text collate "C" not null,
  code         text collate "C" not null,
  team_code    text collate "C" not null,
  role         text collate "C" not null,
  organization text,
  joined       daterange not null,              -- [joined_on, left_on)
  trained_on   date,
  primary key (province, code)
);
create index member_team on member (province, team_code);

create table household (
  province       text collate "C" not null,
  code           text collate "C" not null,
  address_scheme text collate "C",
  address_code   text collate "C",
  commune_code   text collate "C",
  hamlet_code    text collate "C",
  persons        integer,
  registered_on  date   not null,
  ended_on       date,
  place_id       bigint not null,               -- derived
  primary key (province, code)
);
create index household_address on household (province, address_scheme, address_code);

create table visit (
  province       text collate "C" not null,
  code           text collate "C" not null,
  household_code text collate "C" not null,
  team_code      text collate "C" not null,
  visited_on     date not null,
  outcome        text collate "C" not null,
  topics         text,
  primary key (province, code)
);
create index visit_household on visit (province, household_code);

create table adoption (
  province       text collate "C" not null,
  household_code text collate "C" not null,
  service_code   text collate "C" not null,
  adopted_on     date not null,
  ended_on       date,
  primary key (province, household_code, service_code, adopted_on)
);

create table report (
  province  text collate "C" not null,
  level     text collate "C" not null,
  unit_code text collate "C" not null,
  measure   text collate "C" not null,
  value     double precision not null,
  qualifier text collate "C" not null,
  from_on   date,
  as_of     date not null,
  base      text,
  share     double precision,
  source    text not null,
  primary key (province, level, unit_code, measure, as_of, source)
);

-- ---------------------------------------------------------------------------------------------------------------
-- Roll-ups: exact, written in the transaction that changes their facts
--
-- A figure of place p on day D is the last place_month row with month < the first of D's month, plus the place_day rows
-- from that first to D. A late fact changes one day's row and the months after it, never all days.

-- What changed in a place on a day: households that came to have (+) or ceased to have (-) each status, and household
-- addresses that came to have a household on the register (occupied).
create table place_day (
  province    text collate "C" not null,
  place_id    bigint  not null,
  day         date    not null,
  guided      integer not null,
  attempted   integer not null,
  not_visited integer not null,
  ineligible  integer not null,
  occupied    integer not null,
  primary key (province, place_id, day)
);

-- Running totals at the end of a month; a row only where the month has a change.
create table place_month (
  province    text collate "C" not null,
  place_id    bigint  not null,
  month       date    not null,                 -- its first day
  guided      integer not null,
  attempted   integer not null,
  not_visited integer not null,
  ineligible  integer not null,
  occupied    integer not null,
  primary key (province, place_id, month)
);

-- Visits of households that are on the register: on the days from `from_on` until `to_on` (infinity: open) `visits` of
-- visited_on were to such a household. The last visit of a place on day D is the latest visited_on with
-- visited_on <= D and from_on <= D < to_on.
create table place_visit (
  province   text collate "C" not null,
  place_id   bigint  not null,
  visited_on date    not null,
  from_on    date    not null,
  to_on      date    not null,
  visits     integer not null,
  primary key (province, place_id, visited_on, from_on, to_on)
);

-- The same as place_day and place_month for the households on the register with a current adoption of a service.
create table place_service_day (
  province     text collate "C" not null,
  place_id     bigint  not null,
  service_code text collate "C" not null,
  day          date    not null,
  households   integer not null,
  primary key (province, place_id, service_code, day)
);
create table place_service_month (
  province     text collate "C" not null,
  place_id     bigint  not null,
  service_code text collate "C" not null,
  month        date    not null,
  households   integer not null,
  primary key (province, place_id, service_code, month)
);

-- Remoteness of each unit of every time, as of the last refresh; no row: nothing is known of it.
create table remoteness (
  province               text collate "C" not null,
  unit_id                bigint  not null,
  index                  double precision not null,
  remote                 boolean not null,
  service_distance_metres double precision,
  team_distance_metres   double precision,
  addresses_per_km2      double precision,
  designated             boolean not null,
  addresses              integer not null,      -- household addresses it was computed over
  computed_at            timestamptz not null,
  primary key (province, unit_id)
);
