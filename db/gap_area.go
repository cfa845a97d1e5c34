package db

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"vunglom/gis"
)

var (
	gapAreaPoint  = query("gap_area_point")
	gapAreaSquare = query("gap_area_square")
)

// The least and the greatest distance, in metres, that may link gap households.
const minLink, maxLink = 1, 50_000

// GapAreaQuery asks for the areas of a day. The zero values are not the API's defaults: see DefaultGapAreaQuery.
type GapAreaQuery struct {
	Within         *Ref
	Box            *Box
	Day            time.Time
	DistanceMetres float64 // geodesic, WGS 84; 1 to 50,000
	MinHouseholds  int     // 1 or more
}

// DefaultGapAreaQuery returns the defaults of the API on a day.
func DefaultGapAreaQuery(day time.Time) GapAreaQuery {
	return GapAreaQuery{Day: day, DistanceMetres: 300, MinHouseholds: 10}
}

// GapAreas is where gap households are, finer than a hamlet. Households = the sum over Areas + Scattered + Unplaced.
type GapAreas struct {
	Areas      []GapArea // by households descending, then id
	Households int       // all gap households of the unit, or of the box
	Scattered  int       // those whose cluster is too small to be an area
	Unplaced   int       // those without an address; none where a box was asked for
	Each       bool      // each household stands where its address is, and that it was read is logged; else in the middle of its square

	metres  float64
	points  [][2]float64
	cluster []int32 // of each point: the area's place in Areas; -1: scattered
	drawn   sync.Once
	failed  error
}

// GapArea is gap households that hang together by steps of at most the distance asked for, whatever hamlets they are in.
type GapArea struct {
	// ID is opaque. It depends on nothing but where the area's westernmost (of several the southernmost) household
	// stands: it stays while that household is in the gap and no other household of the area lies further west.
	ID         string
	Households int
	Centre     Position // of the household that is nearest to the mean of all the area's positions
	Hamlets    []Unit   // that its households lie in, by code
	Hull       []byte   // a GeoJSON Polygon; nil until Draw

	box Box // of Hull
}

// gapAreaRow is a gap household and where it is.
type gapAreaRow struct {
	at     [2]float64
	hamlet Key
}

// GapAreas links the gap households of a unit, a box or everything into areas: single linkage, exact by geodesic
// distance. One statement reads them, one their hamlets. Who may see each household has them where their addresses are, and is logged as a
// reader of persons; for everybody else each stands in the middle of its square (see squareOf), and a box is the hamlets that it meets, outside of hamlets the communes.
// Errors: BAD_INPUT for the box, the distance or the least number of households, FORBIDDEN where these tell of single households and the caller
// may not see them, and those of UnitByRef for Within.
func (d *DB) GapAreas(ctx context.Context, q GapAreaQuery) (*GapAreas, error) {
	args, each, err := d.gapAreaScope(ctx, &q)
	if err != nil {
		return nil, err
	}
	if err := addBox(args, q.Box); err != nil {
		return nil, err
	}
	var found []gapAreaRow
	var unplaced int
	if each {
		err = d.readEach(ctx, q.reading("gapAreas"), gapAreaFile, func(d *DB) (int, error) {
			found, unplaced, err = d.gapAreaRows(ctx, gapAreaPoint, args)
			return len(found) + unplaced, err
		})
	} else {
		args["square_degrees"] = squareDegrees
		found, unplaced, err = d.gapAreaRows(ctx, gapAreaSquare, args)
	}
	if err != nil {
		return nil, err
	}
	answer := &GapAreas{Households: len(found) + unplaced, Unplaced: unplaced, Each: each, metres: q.DistanceMetres}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return answer, d.link(ctx, answer, found, q.MinHouseholds)
}

// gapAreaFile is the entry of a file of areas in the audit log.
const gapAreaFile = "export/gap-areas"

// GapAreaListing is what a reading of areas that are passed on as a file is logged as; nil where it is of no persons. Errors: those of GapAreas for the query.
func (d *DB) GapAreaListing(ctx context.Context, q GapAreaQuery) (*Listing, error) {
	if _, each, err := d.gapAreaScope(ctx, &q); err != nil || !each {
		return nil, err
	}
	return &Listing{q.reading(gapAreaFile)}, nil
}

func (q *GapAreaQuery) reading(entry string) reading {
	r := reading{entry, map[string]any{"distanceMetres": q.DistanceMetres, "minHouseholds": q.MinHouseholds}}
	return r.addUnit(q.Within).addDay("asOf", q.Day).addBox(q.Box)
}

// gapAreaScope is within which unit the areas are asked for, and whether each household of it may be seen.
func (d *DB) gapAreaScope(ctx context.Context, q *GapAreaQuery) (args pgx.StrictNamedArgs, each bool, err error) {
	if err := q.check(); err != nil {
		return nil, false, err
	}
	args = pgx.StrictNamedArgs{}
	if err := d.addWithin(ctx, args, q.Within, q.Day); err != nil {
		return nil, false, err
	}
	if each, err = d.seesEach(ctx, args); err != nil {
		return nil, false, err
	}
	if !each && (q.MinHouseholds < leastTogether || q.DistanceMetres < leastApart) {
		return nil, false, forbidden(fmt.Sprintf("cụm dưới %[1]d hộ, hoặc nối dưới %[2]d m, chỉ rõ từng hộ, chỉ dành cho ai được xem mọi hộ ở đó: hãy để minHouseholds từ %[1]d và distanceMetres từ %[2]d", leastTogether, leastApart),
			fmt.Sprintf("areas of under %[1]d households, or linked over under %[2]d m, tell of single households, for those who may see all of them there: let minHouseholds be %[1]d or more and distanceMetres %[2]d or more", leastTogether, leastApart))
	}
	return args, each, nil
}

func (q *GapAreaQuery) check() error {
	if !(q.DistanceMetres >= minLink && q.DistanceMetres <= maxLink) {
		return badInput("distanceMetres là %g; phải từ 1 đến 50.000", "distanceMetres is %g; it must be 1 to 50,000", q.DistanceMetres)
	}
	if q.MinHouseholds < 1 || q.MinHouseholds > math.MaxInt32 {
		return badInput("minHouseholds là %d; phải từ 1", "minHouseholds is %d; it must be 1 or more", q.MinHouseholds)
	}
	return nil
}

// gapAreaRows reads the gap households that have an address, from west to east, and counts the others.
func (d *DB) gapAreaRows(ctx context.Context, statement statement, args pgx.StrictNamedArgs) (found []gapAreaRow, unplaced int, err error) {
	rows, err := d.query(ctx, statement, args)
	if err != nil {
		return nil, 0, fmt.Errorf("db: %w", err)
	}
	var longitude, latitude *float64
	var r gapAreaRow
	_, err = pgx.ForEachRow(rows, []any{&r.hamlet.Province, &longitude, &latitude, &r.hamlet.ID}, func() error {
		if longitude == nil {
			unplaced++
			return nil
		}
		r.at = [2]float64{*longitude, *latitude}
		found = append(found, r)
		return nil
	})
	if err != nil {
		return nil, 0, fmt.Errorf("db: %w", err)
	}
	slices.SortFunc(found, func(a, b gapAreaRow) int {
		return cmp.Or(cmp.Compare(a.at[0], b.at[0]), cmp.Compare(a.at[1], b.at[1]))
	})
	return found, unplaced, nil
}

// link makes areas of what was found.
func (d *DB) link(ctx context.Context, answer *GapAreas, found []gapAreaRow, least int) error {
	answer.points = make([][2]float64, len(found))
	for i := range found {
		answer.points[i] = found[i].at
	}
	cluster, clusters := gis.Link(answer.points, answer.metres)
	members := make([][]int32, clusters)
	for i, c := range cluster {
		members[c] = append(members[c], int32(i))
	}
	type area struct {
		GapArea
		members []int32
		hamlets []Key
	}
	var areas []area
	hamlets := map[Key]bool{}
	for _, m := range members {
		if len(m) < least {
			answer.Scattered += len(m)
			continue
		}
		a := area{GapArea: GapArea{ID: gapAreaID(answer.points[m[0]]), Households: len(m), Centre: centre(answer.points, m)}, members: m}
		inside := map[Key]bool{}
		for _, i := range m {
			if h := found[i].hamlet; h.ID != 0 && !inside[h] {
				inside[h], hamlets[h] = true, true
				a.hamlets = append(a.hamlets, h)
			}
		}
		areas = append(areas, a)
	}
	slices.SortFunc(areas, func(a, b area) int {
		return cmp.Or(cmp.Compare(b.Households, a.Households), cmp.Compare(a.ID, b.ID))
	})
	keys := make([]Key, 0, len(hamlets))
	for k := range hamlets {
		keys = append(keys, k)
	}
	units, err := d.UnitsByID(ctx, keys)
	if err != nil {
		return err
	}
	answer.cluster = cluster
	for i := range cluster {
		cluster[i] = -1
	}
	answer.Areas = make([]GapArea, len(areas))
	for i := range areas {
		a := &areas[i]
		for _, k := range a.hamlets {
			a.Hamlets = append(a.Hamlets, units[k])
		}
		slices.SortFunc(a.Hamlets, func(x, y Unit) int { return cmp.Or(cmp.Compare(x.Code, y.Code), cmp.Compare(x.Province, y.Province)) })
		answer.Areas[i] = a.GapArea
		for _, m := range a.members {
			cluster[m] = int32(i)
		}
	}
	return nil
}

// gapAreaID names an area by its westernmost position. A digest, because an id is no place to tell an address in.
func gapAreaID(at [2]float64) string {
	var place [16]byte
	binary.BigEndian.PutUint64(place[:8], math.Float64bits(at[0]))
	binary.BigEndian.PutUint64(place[8:], math.Float64bits(at[1]))
	digest := sha256.Sum256(append([]byte("gap area"), place[:]...))
	return base64.RawURLEncoding.EncodeToString(digest[:12])
}

// centre returns the position among some that is nearest to their mean, of several the westernmost. An area is small
// beside the earth, so the plane will do.
func centre(points [][2]float64, members []int32) Position {
	var x, y float64
	for _, m := range members {
		x, y = x+points[m][0], y+points[m][1]
	}
	x, y = x/float64(len(members)), y/float64(len(members))
	narrow := math.Cos(y * math.Pi / 180)
	best, least := members[0], math.Inf(1)
	for _, m := range members {
		if d := math.Hypot((points[m][0]-x)*narrow, points[m][1]-y); d < least {
			best, least = m, d
		}
	}
	return Position{Longitude: points[best][0], Latitude: points[best][1]}
}

// Draw gives every area its hull: see gis.Hulls. It draws once, however often and by how many it is asked.
func (g *GapAreas) Draw(ctx context.Context) error {
	g.drawn.Do(func() {
		g.failed = gis.Hulls(ctx, g.points, g.cluster, len(g.Areas), g.metres, func(s gis.Shape, decimals int) error {
			a := &g.Areas[s.ID]
			a.Hull = gis.AppendGeoJSON(nil, s, decimals)
			a.box.West, a.box.South, a.box.East, a.box.North = s.Box()
			return nil
		})
	})
	return g.failed
}

// Features draws the areas and encodes them as one GeoJSON FeatureCollection, in their order. Properties: id, households,
// hamlets (their codes), longitude and latitude (of the centre).
func (g *GapAreas) Features(ctx context.Context) ([]byte, error) {
	if err := g.Draw(ctx); err != nil {
		return nil, err
	}
	size := 64
	for i := range g.Areas {
		size += len(g.Areas[i].Hull) + maxProperties
	}
	b := append(make([]byte, 0, size), `{"type":"FeatureCollection","features":[`...)
	for i := range g.Areas {
		if i > 0 {
			b = append(b, ',')
		}
		b = g.Areas[i].appendFeature(b)
	}
	return append(b, `]}`...), nil
}

func (a *GapArea) appendFeature(b []byte) []byte {
	b = appendText(append(b, `{"type":"Feature","id":`...), &a.ID)
	b = append(append(b, `,"geometry":`...), a.Hull...)
	b = appendText(append(b, `,"properties":{"id":`...), &a.ID)
	b = appendCount(append(b, `,"households":`...), &a.Households)
	b = append(b, `,"hamlets":[`...)
	for i := range a.Hamlets {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(b, &a.Hamlets[i].Code)
	}
	b = appendNumber(append(b, `],"longitude":`...), &a.Centre.Longitude)
	b = appendNumber(append(b, `,"latitude":`...), &a.Centre.Latitude)
	return append(b, `}}`...)
}
