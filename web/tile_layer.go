package web

import (
	"context"
	"strings"
	"time"

	"vunglom/access"
	"vunglom/argument"
	"vunglom/db"
)

// tileLayer is what can be asked of one kind of tile.
type tileLayer struct {
	id        db.TileLayer
	right     func(q *db.TileQuery) access.Right // what it needs
	vi, en    string
	arguments func(a *argument.Reader, q *db.TileQuery) // those beside asOf and within
	vectors   []vectorLayer
}

// vectorLayer is a layer inside a tile, as TileJSON describes it. A property that is not known of a feature is absent.
type vectorLayer struct {
	ID          string            `json:"id"`
	Description string            `json:"description"`
	MinZoom     int               `json:"minzoom"`
	MaxZoom     int               `json:"maxzoom"`
	Fields      map[string]string `json:"fields"`
}

func always(right access.Right) func(*db.TileQuery) access.Right {
	return func(*db.TileQuery) access.Right { return right }
}

// figuresRight is what units need: by how much is said of them.
func figuresRight(q *db.TileQuery) access.Right {
	switch {
	case q.Published:
		return access.Published
	case q.Gaps:
		return access.Decisions
	}
	return access.Aggregates
}

// What tiles of units may say: what everybody may know, the coverage as it is, and whether each hamlet is a gap, and why.
const (
	figuresPublished = "published"
	figuresCoverage  = "coverage"
	figuresAll       = "all"
)

func noArguments(*argument.Reader, *db.TileQuery) {}

func boundariesOf(a *argument.Reader, q *db.TileQuery) { q.Boundaries = a.Boundaries() }

func unitArguments(a *argument.Reader, q *db.TileQuery) {
	q.Level, q.Service = a.Level("level", "COMMUNE"), a.Text("service")
	figures := a.Choice("figures", figuresAll, figuresPublished, figuresCoverage, figuresAll)
	q.Published, q.Gaps = figures == figuresPublished, figures == figuresAll
	boundariesOf(a, q)
}

func gapAreaArguments(a *argument.Reader, q *db.TileQuery) {
	otherwise := db.DefaultGapAreaQuery(q.Day)
	q.DistanceMetres, q.MinHouseholds = a.Number("distanceMetres", otherwise.DistanceMetres), a.Whole("minHouseholds", otherwise.MinHouseholds)
}

// tileLayerOf finds a kind of tile by its name.
func tileLayerOf(name string) (*tileLayer, error) {
	var names []string
	for i := range tileLayers {
		if string(tileLayers[i].id) == name {
			return &tileLayers[i], nil
		}
		names = append(names, string(tileLayers[i].id))
	}
	return nil, argument.NotFound("không có lớp %q; có: %s", "there is no layer %q; there are: %s", name, strings.Join(names, ", "))
}

// check refuses a kind of tile to whoever may not see it.
func (l *tileLayer) check(ctx context.Context, d *db.DB, q *db.TileQuery) error {
	what := l.named(q)
	if q.Layer == db.TileUnits {
		what += " (figures=published: ai cũng xem được · everybody may see it)"
	}
	day := q.Boundaries
	if day.IsZero() {
		day = q.Day
	}
	return d.CheckAbout(ctx, l.right(q), what, q.Within, day)
}

// named is how one asks for a kind of tile.
func (l *tileLayer) named(q *db.TileQuery) string {
	if l.id == db.TileUnits {
		return "/tiles/units?figures=" + figuresOf(q)
	}
	return "/tiles/" + string(l.id)
}

// figuresOf is how much a tile of units says, as one asks for it.
func figuresOf(q *db.TileQuery) string {
	switch {
	case q.Published:
		return figuresPublished
	case q.Gaps:
		return figuresAll
	}
	return figuresCoverage
}

// read reads the arguments of a kind of tile, all but the tile itself.
func (l *tileLayer) read(a *argument.Reader) (db.TileQuery, error) {
	q := db.TileQuery{Layer: l.id, Day: a.Day("asOf"), Within: a.Ref("within")}
	l.arguments(a, &q)
	if q.Boundaries.Equal(q.Day) {
		q.Boundaries = time.Time{} // the same question
	}
	return q, a.Finish()
}

var tileLayers = []tileLayer{
	{db.TileUnits, figuresRight, "Đơn vị hành chính và độ phủ", "Administrative units and their coverage", unitArguments, []vectorLayer{
		{ID: "units", Description: "Polygons, generalised for the zoom with shared borders; the figures are those of the API's Coverage on asOf.", Fields: unitFields},
		{ID: "unit_labels", Description: "One point inside each unit, in one tile of the zoom, also of units too small to be drawn.", Fields: some(unitFields,
			"id", "province", "code", "name", "fullName", "level", "parentCode", "share", "gapHouseholds", "remote", "gap")},
	}},
	{db.TileAddresses, always(access.Persons), "Địa chỉ số theo tình trạng của hộ", "Digital addresses by the status of their household", boundariesOf, []vectorLayer{
		{ID: "addresses", Description: "Each address, in a tile that holds at most 4,096.", Fields: map[string]string{
			"id":       "String. The global id of the API's Address.",
			"province": "String. The code of the province whose bundle has it.",
			"scheme":   "String. dia_chi_so, vpostcode, dinh_danh_dia_diem or local.",
			"code":     "String. The address in its scheme.",
			"kind":     "String. household, business, agency, public or other.",
			"status":   "String. GUIDED, ATTEMPTED, NOT_VISITED, INELIGIBLE or UNKNOWN on asOf; absent: it is no household's.",
		}},
		{ID: "address_bins", Description: "In a tile that holds more: points that stand for all addresses of a square of a 64th of the tile's side, where these are on average. The sum over the tiles of a zoom is every address.", Fields: map[string]string{
			"addresses":  "Number. Addresses, of every kind; the sum of the others.",
			"guided":     "Number. Of these, GUIDED on asOf.",
			"attempted":  "Number. Of these, ATTEMPTED.",
			"notVisited": "Number. Of these, NOT_VISITED.",
			"ineligible": "Number. Of these, INELIGIBLE.",
			"unknown":    "Number. Of these, UNKNOWN: of kind household with nobody on the register.",
			"other":      "Number. Of these, no household's.",
		}},
	}},
	{db.TileTeams, always(access.Published), "Tổ công nghệ số cộng đồng và tổ công tác khác", "Community digital technology teams and other task forces", noArguments, []vectorLayer{
		{ID: "teams", Description: "The teams of every kind active on asOf, where they are based; with within those whose unit, or a unit they serve, is it or lies in it.", Fields: map[string]string{
			"id":       "String. The global id of the API's Team.",
			"province": "String. The code of the province whose bundle has it.",
			"code":     "String. Its code.",
			"name":     "String. Its name.",
			"kind":     "String. cnscd, de_an_06 or other; the Coverage counts cnscd alone.",
			"level":    "String. PROVINCE, DISTRICT, COMMUNE or HAMLET.",
			"unitCode": "String. The code of its unit, as valid when it was established.",
			"unitName": "String. The full name of that unit.",
			"located":  "Boolean. Its position is known; false: it is drawn at the label point of its unit.",
			"members":  "Number. Members on asOf.",
		}},
	}},
	{db.TileServicePoints, always(access.Published), "Bộ phận một cửa, bưu cục và điểm phục vụ khác", "One-stop counters, post offices and other service points", noArguments, []vectorLayer{
		{ID: "service_points", Description: "The service points of every kind open on asOf.", Fields: map[string]string{
			"province": "String. The code of the province whose bundle has it.",
			"code":     "String. Its code.",
			"name":     "String. Its name.",
			"kind":     "String. one_stop, post_office or other.",
		}},
	}},
	{db.TileGapAreas, always(access.Decisions), "Nơi các hộ chưa được hướng dẫn ở gần nhau", "Where the households yet to be guided are", gapAreaArguments, []vectorLayer{
		{ID: "gap_areas", Description: "The hulls of the API's gapAreas.", Fields: map[string]string{
			"id":         "String. The id of the API's GapArea.",
			"households": "Number. Gap households in it.",
			"hamlets":    "String. The codes of the hamlets that they lie in, with commas between; empty: in none.",
		}},
		{ID: "gap_area_labels", Description: "The centre of each, in one tile of the zoom, also of areas too small to be drawn.", Fields: map[string]string{
			"id":         "String. The id of the API's GapArea.",
			"households": "Number. Gap households in it.",
		}},
	}},
}

var unitFields = map[string]string{
	"id":                  "String. The global id of the API's AdminUnit.",
	"province":            "String. The code of the province whose bundle has it: hamlets of two provinces may have one code.",
	"code":                "String. Its code.",
	"name":                "String. Its name without its kind.",
	"fullName":            "String. Its name with its kind.",
	"kind":                "String. Its kind, as the bundle has it: xa, thi_tran, ap.",
	"level":               "String. PROVINCE, DISTRICT, COMMUNE or HAMLET.",
	"parentCode":          "String. The code of the unit next above; absent of a province.",
	"parentName":          "String. The full name of the unit next above.",
	"synthetic":           "Boolean. Its bundle holds generated data.",
	"derived":             "Boolean. Its polygon was not drawn but derived from addresses.",
	"basis":               "String. REGISTER, REPORT or NONE: what its figures stand on.",
	"households":          "Number. Households on the register.",
	"guided":              "Number. Households GUIDED.",
	"attempted":           "Number. Households ATTEMPTED.",
	"notVisited":          "Number. Households NOT_VISITED.",
	"ineligible":          "Number. Households INELIGIBLE.",
	"unknown":             "Number. Household addresses with nobody on the register.",
	"share":               "Number. Guided / (guided + attempted + notVisited), 0 to 1; of REPORT as published.",
	"shareLow":            "Number. The share if no unknown household is guided.",
	"shareHigh":           "Number. The share if every unknown household is.",
	"gapHouseholds":       "Number. Households yet to be guided.",
	"addresses":           "Number. Addresses of kind household.",
	"teams":               "Number. Teams of kind cnscd.",
	"members":             "Number. Their members.",
	"householdsPerMember": "Number. (guided + attempted + notVisited) / members.",
	"apportioned":         "Number. Of reports on other boundaries, the share carried over to this unit, 0 to 1.",
	"remote":              "Boolean. Remote by index or designation, as of the last refresh.",
	"index":               "Number. The index of remoteness, 0 to 1.",
	"priority":            "Number. gapHouseholds × (1 + index).",
	"serviceShare":        "Number. The share of households that use the service asked for.",
	"lastVisitOn":         "String. The day of the latest visit, YYYY-MM-DD.",
	"gap":                 "Boolean. Of hamlets: a gap by the API's default thresholds.",
	"reasons":             "String. Of gaps: why, as the API names it, with commas between.",
}

// some is a part of described fields.
func some(fields map[string]string, names ...string) map[string]string {
	part := make(map[string]string, len(names))
	for _, name := range names {
		part[name] = fields[name]
	}
	return part
}
