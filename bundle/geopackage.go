package bundle

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// packageReader reads a layer of a GeoPackage (OGC 12-128r19).
type packageReader struct {
	file    string
	db      *sql.DB
	rows    *sql.Rows
	columns []string // without the geometry and the layer's own key
	at      []int    // where each of columns stands in a row
	shape   int      // where the geometry stands, or -1
	values  []any
	number  int64
}

// layer is a table of a GeoPackage.
type layer struct {
	name     string
	features bool
	column   sql.NullString // of the geometry
	srs      sql.NullInt64
	org      sql.NullString
	orgCode  sql.NullInt64
}

func (b *Bundle) packageReader(t *Table, p *part) (reader, error) {
	if wal := b.store.find(p.entry.name + "-wal"); wal != nil && wal.size > 0 {
		return nil, fileError(p.name, "is open in another program (%s holds changes); close it there first", wal.name)
	}
	disk, err := b.store.path(p.entry)
	if err != nil {
		return nil, err
	}
	source := url.URL{Scheme: "file", OmitHost: true, Path: disk, RawQuery: "mode=ro&immutable=1&_pragma=query_only(1)&_pragma=trusted_schema(0)"}
	db, err := sql.Open("sqlite", source.String())
	if err != nil {
		return nil, fileError(p.name, "can't be read: %v", err)
	}
	db.SetMaxOpenConns(1)
	r := &packageReader{file: p.name, db: db, shape: -1}
	if err := r.open(t, b.Meta.SRID); err != nil {
		r.close()
		var failure *FileError
		if errors.As(err, &failure) {
			return nil, err
		}
		return nil, fileError(p.name, "is no GeoPackage that can be read (%v); export it again", err)
	}
	return r, nil
}

// open finds the layer and starts to read it.
func (r *packageReader) open(t *Table, srid int) error {
	layers, err := r.layers()
	if err != nil {
		return err
	}
	l, err := r.choose(t, layers)
	if err != nil {
		return err
	}
	if l.column.Valid && l.srs.Int64 > 0 && strings.EqualFold(l.org.String, "EPSG") {
		if err := checkSRID(r.file, int(l.orgCode.Int64), srid); err != nil {
			return err
		}
	}
	key, err := r.key(l.name)
	if err != nil {
		return err
	}
	query := "select * from " + quoteName(l.name)
	if key != "" {
		query += " order by " + quoteName(key)
	}
	if r.rows, err = r.db.Query(query); err != nil {
		return err
	}
	names, err := r.rows.Columns()
	if err != nil {
		return err
	}
	for i, name := range names {
		switch {
		case l.column.Valid && strings.EqualFold(name, l.column.String):
			r.shape = i
		case name == key && t.Index(strings.ToLower(name)) < 0:
		default:
			r.columns = append(r.columns, name)
			r.at = append(r.at, i)
		}
	}
	r.values = make([]any, len(names))
	return nil
}

func (r *packageReader) layers() ([]layer, error) {
	rows, err := r.db.Query(`select c.table_name, c.data_type = 'features', g.column_name, g.srs_id, s.organization, s.organization_coordsys_id
		from gpkg_contents c
		left join gpkg_geometry_columns g on g.table_name = c.table_name
		left join gpkg_spatial_ref_sys s on s.srs_id = g.srs_id
		where c.data_type in ('features', 'attributes') order by c.table_name`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var layers []layer
	for rows.Next() {
		var l layer
		if err := rows.Scan(&l.name, &l.features, &l.column, &l.srs, &l.org, &l.orgCode); err != nil {
			return nil, err
		}
		layers = append(layers, l)
	}
	return layers, rows.Err()
}

// choose returns the layer named like the table, else the only one with geometry.
func (r *packageReader) choose(t *Table, layers []layer) (layer, error) {
	if i := slices.IndexFunc(layers, func(l layer) bool { return strings.EqualFold(l.name, t.Name) }); i >= 0 {
		return layers[i], nil
	}
	var names []string
	var found layer
	for _, l := range layers {
		if l.features {
			names = append(names, l.name)
			found = l
		}
	}
	switch len(names) {
	case 0:
		return layer{}, fileError(r.file, "holds no layer; export the layer %s into it", t.Name)
	case 1:
		return found, nil
	}
	return layer{}, fileError(r.file, "holds the layers %s; name the one to read %s", strings.Join(names, ", "), t.Name)
}

// key returns the layer's integer primary key, or "".
func (r *packageReader) key(name string) (string, error) {
	var key sql.NullString
	err := r.db.QueryRow("select name from pragma_table_info(?) where pk = 1 and lower(type) = 'integer'", name).Scan(&key)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return key.String, err
}

func quoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func (r *packageReader) names() []string { return r.columns }
func (r *packageReader) geometry() bool  { return r.shape >= 0 }

func (r *packageReader) close() error {
	var err error
	if r.rows != nil {
		err = r.rows.Close()
	}
	return errors.Join(err, r.db.Close())
}

func (r *packageReader) read(rec *record) error {
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return fileError(r.file, "can't be read after feature %d (%v); the file is damaged, export it again", r.number, err)
		}
		return io.EOF
	}
	targets := make([]any, len(r.values))
	for i := range r.values {
		targets[i] = &r.values[i]
	}
	if err := r.rows.Scan(targets...); err != nil {
		return fileError(r.file, "can't be read after feature %d (%v); the file is damaged, export it again", r.number, err)
	}
	r.number++
	rec.reset(r.number)
	for _, i := range r.at {
		rec.cells = append(rec.cells, sqliteCell(r.values[i]))
	}
	if r.shape < 0 {
		return nil
	}
	rec.place.given = true
	switch blob := r.values[r.shape].(type) {
	case nil:
	case []byte:
		rec.place.readPackage(blob)
	default:
		rec.place.err = errors.New("is no GeoPackage geometry; export it again")
	}
	return nil
}

// sqliteCell writes a value of SQLite as a cell.
func sqliteCell(value any) []byte {
	switch v := value.(type) {
	case nil:
		return []byte{}
	case []byte:
		return v
	case string:
		return []byte(v)
	case int64:
		return strconv.AppendInt(nil, v, 10)
	case float64:
		return strconv.AppendFloat(nil, v, 'f', -1, 64)
	case bool:
		return strconv.AppendBool(nil, v)
	case time.Time:
		if v.Equal(v.Truncate(24 * time.Hour)) {
			return v.AppendFormat(nil, time.DateOnly)
		}
		return v.AppendFormat(nil, time.RFC3339Nano)
	}
	return fmt.Append(nil, value)
}

// readPackage reads a GeoPackage geometry: a header, then WKB.
func (p *place) readPackage(blob []byte) {
	p.text = fmt.Appendf(nil, "%x", blob[:min(len(blob), maxShown/2)])
	if len(blob) < 8 || blob[0] != 'G' || blob[1] != 'P' {
		p.err = errors.New("is no GeoPackage geometry; export it again")
		return
	}
	flags := blob[3]
	envelope, ok := map[byte]int{0: 0, 1: 32, 2: 48, 3: 48, 4: 64}[flags>>1&7]
	if !ok || len(blob) < 8+envelope {
		p.err = errCutWKB
		return
	}
	if flags>>4&1 == 1 { // empty: as good as none
		p.kind = placeNone
		return
	}
	if flags>>5&1 == 1 {
		p.err = wrongType("geometry of an extended type")
		return
	}
	_, p.err = p.readWKB(blob[8+envelope:])
}
