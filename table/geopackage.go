package table

import (
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/geojson"
	"github.com/twpayne/go-geom/encoding/wkb"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// geoPackage writes OGC 12-128r19, version 1.3: a layer of the rows, named like the table, and the table "about", of
// keys and values, of where they come from. Columns are named as the API names them; their headers are their titles
// (extension gpkg_schema), which GIS programs show.
type geoPackage struct {
	to     io.Writer
	table  *Table
	folder string // temporary
	path   string
	db     *sql.DB
	tx     *sql.Tx
	insert *sql.Stmt
	bounds *geom.Bounds
	values []any
	blob   []byte
}

func newPackage(to io.Writer, t *Table, about *About, l Language) (*geoPackage, error) {
	w := &geoPackage{to: to, table: t, bounds: geom.NewBounds(geom.XY), values: make([]any, len(t.Columns)+1)}
	if err := w.begin(about, l); err != nil {
		w.Discard()
		return nil, fmt.Errorf("table: GeoPackage: %w", err)
	}
	return w, nil
}

func (w *geoPackage) begin(about *About, l Language) error {
	var err error
	if w.folder, err = os.MkdirTemp("", "vunglom-export-"); err != nil {
		return err
	}
	w.path = filepath.Join(w.folder, "table.gpkg")
	// The file is nobody else's and is thrown away unless all goes well: it needs no journal.
	pragmas := "_pragma=journal_mode(off)&_pragma=synchronous(off)&_pragma=locking_mode(exclusive)&_pragma=cache_size(-8000)&_pragma=page_size(4096)"
	source := url.URL{Scheme: "file", OmitHost: true, Path: w.path, RawQuery: pragmas}
	if w.db, err = sql.Open("sqlite", source.String()); err != nil {
		return err
	}
	w.db.SetMaxOpenConns(1)
	if _, err := w.db.Exec("pragma application_id = 0x47504B47; pragma user_version = 10300"); err != nil {
		return err
	}
	if w.tx, err = w.db.Begin(); err != nil {
		return err
	}
	if _, err := w.tx.Exec(packageTables); err != nil {
		return err
	}
	if err := w.describe(about, l); err != nil {
		return err
	}
	w.insert, err = w.tx.Prepare(fmt.Sprintf("insert into %s values (null, ?%s)", quote(w.table.Name), strings.Repeat(", ?", len(w.table.Columns))))
	return err
}

// packageTables are the tables of the standard that this file needs.
const packageTables = `
create table gpkg_spatial_ref_sys (srs_name text not null, srs_id integer not null primary key, organization text not null,
  organization_coordsys_id integer not null, definition text not null, description text);
insert into gpkg_spatial_ref_sys values
  ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'),
  ('WGS 84 geodetic', 4326, 'EPSG', 4326, 'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]', 'longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid');
create table gpkg_contents (table_name text not null primary key, data_type text not null, identifier text unique, description text default '',
  last_change datetime not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')), min_x double, min_y double, max_x double, max_y double, srs_id integer,
  constraint fk_gc_r_srs_id foreign key (srs_id) references gpkg_spatial_ref_sys (srs_id));
create table gpkg_geometry_columns (table_name text not null, column_name text not null, geometry_type_name text not null, srs_id integer not null,
  z tinyint not null, m tinyint not null,
  constraint pk_geom_cols primary key (table_name, column_name), constraint uk_gc_table_name unique (table_name),
  constraint fk_gc_tn foreign key (table_name) references gpkg_contents (table_name),
  constraint fk_gc_srs foreign key (srs_id) references gpkg_spatial_ref_sys (srs_id));
create table gpkg_extensions (table_name text, column_name text, extension_name text not null, definition text not null, scope text not null,
  constraint ge_tce unique (table_name, column_name, extension_name));
create table gpkg_data_columns (table_name text not null, column_name text not null, name text, title text, description text, mime_type text,
  constraint_name text, constraint pk_gdc primary key (table_name, column_name), constraint gdc_tn unique (table_name, name));
create table gpkg_data_column_constraints (constraint_name text not null, constraint_type text not null, value text, min numeric, min_is_inclusive boolean,
  max numeric, max_is_inclusive boolean, description text, constraint gdcc_ntv unique (constraint_name, constraint_type, value));
insert into gpkg_extensions values
  ('gpkg_data_columns', null, 'gpkg_schema', 'http://www.geopackage.org/spec/#extension_schema', 'read-write'),
  ('gpkg_data_column_constraints', null, 'gpkg_schema', 'http://www.geopackage.org/spec/#extension_schema', 'read-write');
create table about (id integer primary key autoincrement not null, name text not null, label text not null, value text);
`

// columnType is how GeoPackage names the type of a kind.
func columnType(k Kind) string {
	switch k {
	case Whole:
		return "integer"
	case Number, Metres, Share, Degree:
		return "double"
	case Day:
		return "date"
	case Moment:
		return "datetime"
	case Truth:
		return "boolean"
	}
	return "text"
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// describe makes the layer and says what it and the file are about.
func (w *geoPackage) describe(about *About, l Language) error {
	t := w.table
	layer := fmt.Sprintf("create table %s (fid integer primary key autoincrement not null, geom %s", quote(t.Name), t.Geometry)
	for i := range t.Columns {
		layer += ", " + quote(t.Columns[i].Name) + " " + columnType(t.Columns[i].Kind)
	}
	if _, err := w.tx.Exec(layer + ")"); err != nil {
		return err
	}
	changed := about.importedAt().UTC().Format("2006-01-02T15:04:05.000Z")
	says := fmt.Sprintf("asOf %s, snapshot %s", about.AsOf.Format(time.DateOnly), about.Snapshot)
	if about.Synthetic() {
		says += ", dữ liệu tổng hợp · synthetic data"
	}
	for _, s := range []struct {
		statement string
		args      []any
	}{
		{"insert into gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id) values (?, 'features', ?, ?, ?, 4326)",
			[]any{t.Name, t.Title(l), says, changed}},
		{"insert into gpkg_contents (table_name, data_type, identifier, description, last_change) values ('about', 'attributes', ?, ?, ?)",
			[]any{aboutSheet, says, changed}},
		{"insert into gpkg_geometry_columns values (?, 'geom', ?, 4326, 0, 0)", []any{t.Name, string(t.Geometry)}},
	} {
		if _, err := w.tx.Exec(s.statement, s.args...); err != nil {
			return err
		}
	}
	for i := range t.Columns {
		c := &t.Columns[i]
		if _, err := w.tx.Exec("insert into gpkg_data_columns (table_name, column_name, name, title, description) values (?, ?, ?, ?, ?)",
			t.Name, c.Name, c.Header(l), c.Header(l), c.Vi+" · "+c.En); err != nil {
			return err
		}
	}
	for _, n := range about.notes(t) {
		var value any
		switch v := n.Value.(type) {
		case nil:
		case time.Time:
			if value = v.Format(time.DateOnly); !v.Equal(v.Truncate(24 * time.Hour)) {
				value = v.UTC().Format(time.RFC3339)
			}
		default:
			value = fmt.Sprint(v)
		}
		if _, err := w.tx.Exec("insert into about (name, label, value) values (?, ?, ?)", n.Name, n.Label(l), value); err != nil {
			return err
		}
	}
	return nil
}

func (w *geoPackage) Write(r *Row) error {
	blob, err := w.geometry(r)
	if err != nil {
		return fmt.Errorf("table: GeoPackage: %w", err)
	}
	w.values[0] = nil
	if blob != nil {
		w.values[0] = blob
	}
	for i, cell := range r.Cells {
		switch v := cell.(type) {
		case time.Time:
			cell = v.Format(time.DateOnly)
			if w.table.Columns[i].Kind == Moment {
				cell = v.UTC().Format("2006-01-02T15:04:05.000Z")
			}
		case float64:
			if w.table.Columns[i].Kind == Degree {
				cell = rounded(v)
			}
		}
		w.values[i+1] = cell
	}
	if _, err := w.insert.Exec(w.values...); err != nil {
		return fmt.Errorf("table: GeoPackage: %w", err)
	}
	return nil
}

// geometry encodes where a row is: the header of the standard, with an envelope where it is no point, then WKB.
func (w *geoPackage) geometry(r *Row) ([]byte, error) {
	b := append(w.blob[:0], 'G', 'P', 0)
	switch {
	case r.At != nil:
		x, y := rounded(r.At[0]), rounded(r.At[1])
		w.bounds.Extend(geom.NewPointFlat(geom.XY, []float64{x, y}))
		b = binary.LittleEndian.AppendUint32(append(b, 1), 4326) // little-endian, no envelope
		b = binary.LittleEndian.AppendUint32(append(b, 1), 1)    // WKB: little-endian, Point
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(y))
	case r.Shape != nil:
		var shape geom.T
		if err := geojson.Unmarshal(r.Shape, &shape); err != nil {
			return nil, err
		}
		if p, ok := shape.(*geom.Polygon); ok && w.table.Geometry == MultiPolygon {
			all := geom.NewMultiPolygon(p.Layout())
			if err := all.Push(p); err != nil {
				return nil, err
			}
			shape = all
		}
		w.bounds.Extend(shape)
		box := shape.Bounds()
		b = binary.LittleEndian.AppendUint32(append(b, 1|1<<1), 4326) // little-endian, envelope of x and y
		for _, v := range []float64{box.Min(0), box.Max(0), box.Min(1), box.Max(1)} {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		}
		text, err := wkb.Marshal(shape, binary.LittleEndian)
		if err != nil {
			return nil, err
		}
		b = append(b, text...)
	default:
		return nil, nil
	}
	w.blob = b
	return b, nil
}

// Close writes the extent and copies the file to its destination.
func (w *geoPackage) Close() error {
	defer w.Discard()
	if err := w.finish(); err != nil {
		return fmt.Errorf("table: GeoPackage: %w", err)
	}
	return nil
}

func (w *geoPackage) finish() error {
	if !w.bounds.IsEmpty() {
		_, err := w.tx.Exec("update gpkg_contents set min_x = ?, min_y = ?, max_x = ?, max_y = ? where table_name = ?",
			w.bounds.Min(0), w.bounds.Min(1), w.bounds.Max(0), w.bounds.Max(1), w.table.Name)
		if err != nil {
			return err
		}
	}
	err := errors.Join(w.insert.Close(), w.tx.Commit(), w.db.Close())
	w.insert, w.tx, w.db = nil, nil, nil
	if err != nil {
		return err
	}
	file, err := os.Open(w.path)
	if err != nil {
		return err
	}
	_, err = io.Copy(w.to, file)
	return errors.Join(err, file.Close())
}

// Discard removes the temporary file.
func (w *geoPackage) Discard() {
	if w.insert != nil {
		_ = w.insert.Close() // what fails here is thrown away below
	}
	if w.tx != nil {
		_ = w.tx.Rollback()
	}
	if w.db != nil {
		_ = w.db.Close()
	}
	w.insert, w.tx, w.db = nil, nil, nil
	if w.folder != "" {
		_ = os.RemoveAll(w.folder)
		w.folder = ""
	}
}
