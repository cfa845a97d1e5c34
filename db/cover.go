package db

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strconv"

	"vunglom/gis"

	"github.com/jackc/pgx/v5"
)

// covering finds the place of points: the place of all points that the same polygons cover. The polygons are asked here, not
// in SQL: a province's fit in memory, and asking them a million times takes a tenth of the time that joining points with
// polygons takes the server. Only points so near to a border that rounding could matter are left to PostGIS.
type covering struct {
	im       *importing
	polygons *gis.Cover
	places   map[string]int64 // by the ids of the covering polygons
	points   []point
	text     []byte // schemes and codes of the points
	into     copyRows
}

// point is an address to be located.
type point struct {
	scheme, code []byte
	oldPlace     int64 // 0: none
	x, y         float64
	covers       []int64
}

// pointsAtOnce is how many points are located at once.
const pointsAtOnce = 20_000

// locate fills the temporary table located with the place of each point that a statement answers.
func (im *importing) locate(ctx context.Context, name string) error {
	shapes, err := im.shapes(ctx, "cover_polygon")
	if err != nil {
		return err
	}
	c := &covering{im: im, polygons: gis.NewCover(shapes), places: map[string]int64{}}
	if _, err := im.exec(ctx, "declare "+name+" no scroll cursor for\n"+importQuery(name)); err != nil {
		return err
	}
	for {
		if err := c.read(ctx, name); err != nil {
			return err
		}
		if err := c.settleDoubts(ctx, c.find()); err != nil {
			return err
		}
		if err := c.write(ctx); err != nil {
			return err
		}
		if len(c.points) < pointsAtOnce {
			break
		}
	}
	_, err = im.tx.Exec(ctx, "close "+name)
	return err
}

// shapes reads polygons.
func (im *importing) shapes(ctx context.Context, name string) ([]gis.Shape, error) {
	rows, err := im.tx.Query(ctx, importQuery(name), im.arguments)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (gis.Shape, error) {
		var id int64
		var wkb []byte
		if err := row.Scan(&id, &wkb); err != nil {
			return gis.Shape{}, err
		}
		return gis.ShapeFromWKB(id, wkb)
	})
}

// read reads the next points, in PostgreSQL's binary form.
func (c *covering) read(ctx context.Context, name string) error {
	rows, err := c.im.tx.Query(ctx, fmt.Sprintf("fetch forward %d from %s", pointsAtOnce, name), pgx.QueryResultFormats{pgx.BinaryFormatCode})
	if err != nil {
		return err
	}
	defer rows.Close()
	c.text, c.points = c.text[:0], slices.Grow(c.points[:0], pointsAtOnce)
	keep := func(text []byte) []byte {
		from := len(c.text)
		c.text = append(c.text, text...)
		return c.text[from:len(c.text):len(c.text)]
	}
	for rows.Next() {
		v := rows.RawValues()
		n := len(c.points)
		c.points = c.points[:n+1]
		p := &c.points[n] // its covers keep their room
		p.scheme, p.code, p.oldPlace, p.covers = keep(v[0]), keep(v[1]), 0, p.covers[:0]
		p.x, p.y = math.Float64frombits(binary.BigEndian.Uint64(v[2])), math.Float64frombits(binary.BigEndian.Uint64(v[3]))
		if v[4] != nil {
			p.oldPlace = int64(binary.BigEndian.Uint64(v[4]))
		}
	}
	return rows.Err()
}

// doubt is a point near the border of a polygon.
type doubt struct {
	point   int
	polygon int64
}

// find finds the polygons that cover the points, and tells where it is in doubt.
func (c *covering) find() []doubt {
	var doubts []doubt
	for i := range c.points {
		p := &c.points[i]
		c.polygons.Find(p.x, p.y, func(id int64, doubtful bool) {
			if doubtful {
				doubts = append(doubts, doubt{i, id})
				return
			}
			p.covers = append(p.covers, id)
		})
	}
	return doubts
}

// settleDoubts asks PostGIS which of the doubtful points are covered.
func (c *covering) settleDoubts(ctx context.Context, doubts []doubt) error {
	if len(doubts) == 0 {
		return nil
	}
	var polygons []int64
	var longitudes, latitudes []float64
	for _, d := range doubts {
		p := &c.points[d.point]
		polygons, longitudes, latitudes = append(polygons, d.polygon), append(longitudes, p.x), append(latitudes, p.y)
	}
	rows, err := c.im.tx.Query(ctx, importQuery("cover_doubtful"), pgx.NamedArgs{
		"province": c.im.bundle.Meta.Province, "polygons": polygons, "longitudes": longitudes, "latitudes": latitudes})
	if err != nil {
		return err
	}
	var n int32
	_, err = pgx.ForEachRow(rows, []any{&n}, func() error {
		d := doubts[n-1]
		p := &c.points[d.point]
		p.covers = append(p.covers, d.polygon)
		return nil
	})
	return err
}

// write stores the points with their places, and the places that are new.
func (c *covering) write(ctx context.Context) error {
	var key []byte
	var fresh []string
	for i := range c.points {
		p := &c.points[i]
		slices.Sort(p.covers)
		key = appendIDs(key[:0], p.covers)
		if _, known := c.places[string(key)]; !known {
			c.places[string(key)] = 0
			fresh = append(fresh, string(key))
		}
	}
	if err := c.place(ctx, fresh); err != nil {
		return err
	}
	for i := range c.points {
		p := &c.points[i]
		key = appendIDs(key[:0], p.covers)
		c.into.row(4)
		c.into.bytes(p.scheme)
		c.into.bytes(p.code)
		c.into.optionalInt8(p.oldPlace)
		c.into.int8(c.places[string(key)])
	}
	return c.im.copyAll(ctx, "located", &c.into)
}

// appendIDs appends ids to the key of a map.
func appendIDs(key []byte, ids []int64) []byte {
	for _, id := range ids {
		key = binary.BigEndian.AppendUint64(key, uint64(id))
	}
	return key
}

// place looks up the places of sets of polygons, and makes those that are not there yet.
func (c *covering) place(ctx context.Context, fresh []string) error {
	if len(fresh) == 0 {
		return nil
	}
	covers := make([]string, len(fresh))
	for i, key := range fresh {
		text := []byte{'{'}
		for at := 0; at < len(key); at += 8 {
			if at > 0 {
				text = append(text, ',')
			}
			text = strconv.AppendUint(text, binary.BigEndian.Uint64([]byte(key[at:at+8])), 10)
		}
		covers[i] = string(append(text, '}'))
	}
	c.im.arguments["covers"] = covers
	if _, err := c.im.exec(ctx, importQuery("place_located")); err != nil {
		return err
	}
	rows, err := c.im.tx.Query(ctx, importQuery("place_of_covers"), c.im.arguments)
	if err != nil {
		return err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	for i, key := range fresh {
		c.places[key] = ids[i]
	}
	return nil
}
