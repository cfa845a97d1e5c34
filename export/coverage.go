package export

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"vunglom/db"
	"vunglom/table"
)

var coverageTable = &table.Table{
	Name: "coverage", Vi: "Độ phủ", En: "Coverage", Geometry: table.MultiPolygon, Fixed: 4,
	Columns: slices.Concat([]table.Column{
		province, unitCode, unitFullName,
		{Name: "parentName", Vi: "Cấp trên", En: "Parent"},
		{Name: "parentCode", Vi: "Mã cấp trên", En: "Parent code", Kind: table.Code},
		{Name: "level", Vi: "Cấp", En: "Level", Kind: table.Code}, unitName,
	}, figureColumns, remoteColumns, []table.Column{
		areaKm2, longitude, latitude,
		{Name: "value", Vi: "Giá trị của số đo trên bản đồ", En: "Value of the map's measure", Kind: table.Number},
		{Name: "class", Vi: "Lớp trên bản đồ (từ 0)", En: "Class on the map (from 0)", Kind: table.Whole},
	}),
}

var (
	measures        = []string{"SHARE", "GAP_HOUSEHOLDS", "PRIORITY", "REMOTENESS", "HOUSEHOLDS_PER_MEMBER", "SERVICE_SHARE"}
	classifications = []string{"QUANTILE", "EQUAL_INTERVAL", "JENKS"}
)

// coverage is the query `coverageMap`: a row a feature, in its order, with all that is known of each unit's coverage.
func coverage(a *arguments) question {
	q := db.MapQuery{
		Level: a.Level("level", "COMMUNE"), Within: a.Ref("within"), Box: a.Box("bbox"), Day: a.Day("asOf"), Boundaries: a.Boundaries(),
		Measure: db.Measure(a.Choice("measure", "SHARE", measures...)), Service: a.Text("service"), Zoom: a.Optional("zoom"),
		Classification: a.Choice("classification", "QUANTILE", classifications...), Classes: a.Whole("classes", 5), RemoteOnly: a.Truth("remoteOnly", false),
	}
	return func(ctx context.Context, held *db.DB) (*content, error) {
		if _, err := held.Geometries(ctx, nil, q.Zoom); err != nil {
			return nil, err
		}
		// The map as the API draws it, roughly: its values, classes and sum.
		rough, coarse := q, 0.0
		rough.Zoom = &coarse
		m, err := held.CoverageMap(ctx, rough)
		if err != nil {
			return nil, err
		}
		classes, err := mapClasses(m.Features)
		if err != nil {
			return nil, err
		}
		services, err := held.Services(ctx)
		if err != nil {
			return nil, err
		}
		return &content{table: withServices(coverageTable, services), asOf: q.Day, boundaries: q.Boundaries, notes: integrityNotes(m.Integrity), rows: func(yield func(*table.Row) error) error {
			return coverageRows(ctx, held, q, classes, services, yield)
		}}, nil
	}
}

// mapClass is what a map says of a feature beside its figures.
type mapClass struct {
	Code  string
	Value *float64
	Class *int
}

func mapClasses(features []byte) ([]mapClass, error) {
	var collection struct {
		Features []struct{ Properties mapClass }
	}
	if err := json.Unmarshal(features, &collection); err != nil {
		return nil, fmt.Errorf("export: coverage: %w", err)
	}
	classes := make([]mapClass, len(collection.Features))
	for i, f := range collection.Features {
		classes[i] = f.Properties
	}
	return classes, nil
}

// coverageRows reads the units of the map by the page, and beside each what the API's AdminUnit has of it. They come
// in the order of the map's features, so that each finds its class by counting.
func coverageRows(ctx context.Context, held *db.DB, q db.MapQuery, classes []mapClass, services []db.Service, yield func(*table.Row) error) error {
	filter := db.UnitFilter{Level: q.Level, Within: q.Within, Box: q.Box}
	boundaries := orDay(q.Boundaries, q.Day)
	ask := func(p db.PageArgs) (db.Page[db.Unit], error) { return held.Units(ctx, filter, boundaries, p) }
	var row table.Row
	seen := 0
	err := walk(ask, func(page []db.Unit) error {
		remote, err := held.Remoteness(ctx, keysOf(page))
		if err != nil {
			return err
		}
		if q.RemoteOnly {
			page = slices.DeleteFunc(page, func(u db.Unit) bool { return !remote[u.Key()].Remote })
		}
		units := onDay(page, boundaries)
		asked := make([]db.OnBoundaries, len(units))
		for i, u := range units {
			asked[i] = db.OnBoundaries{OnDay: db.OnDay{Key: u.Key, Day: q.Day}, Boundaries: boundaries}
		}
		figures, err := held.CoverageOn(ctx, asked)
		if err != nil {
			return err
		}
		uptakes, err := held.ServiceUptakesOn(ctx, asked)
		if err != nil {
			return err
		}
		return placed(ctx, held, units, q.Zoom, func(i int, p *place) error {
			u := &page[i]
			if seen == len(classes) || classes[seen].Code != u.Code {
				return fmt.Errorf("export: coverage: unit %s is not where the map has it", u.Code)
			}
			c, f := &classes[seen], figures[asked[i]]
			seen++
			parentCode, parentName := p.parent()
			row.Province, row.Shape = u.Province, p.shape
			row.Cells = append(row.Cells[:0], u.Province, u.Code, u.FullName, parentName, parentCode, strings.ToUpper(string(u.Level)), u.Name)
			row.Cells = figureCells(row.Cells, &f)
			if r, known := remote[u.Key()]; known {
				row.Cells = remoteCells(row.Cells, &r)
			} else {
				row.Cells = append(row.Cells, nil, false, nil, nil, nil, nil) // as on the map: not known to be remote
			}
			area, lon, lat := p.where()
			row.Cells = append(row.Cells, area, lon, lat, cell(c.Value), cell(c.Class))
			row.Cells = uptakeCells(row.Cells, services, uptakes[asked[i]])
			return yield(&row)
		})
	})
	if err == nil && seen != len(classes) {
		err = fmt.Errorf("export: coverage: %d units, where the map has %d", seen, len(classes))
	}
	return err
}

// withServices adds a column for each service: households that use it on the day.
func withServices(t *table.Table, services []db.Service) *table.Table {
	with, taken := *t, map[string]bool{}
	with.Columns = slices.Clone(t.Columns)
	for _, s := range services {
		vi, en := s.NameVi, s.NameEn
		if taken[vi] || taken[en] {
			vi, en = vi+" "+s.Code, en+" "+s.Code // a header stands once
		}
		taken[vi], taken[en] = true, true
		with.Columns = append(with.Columns, table.Column{Name: "services_" + s.Code, Vi: vi + " (hộ)", En: en + " (households)", Kind: table.Whole})
	}
	return &with
}

func uptakeCells(cells []any, services []db.Service, uptakes []db.ServiceUptake) []any {
	households := make(map[string]int, len(uptakes))
	for _, u := range uptakes {
		households[u.Service.Code] = u.Households
	}
	for _, s := range services {
		if n, known := households[s.Code]; known {
			cells = append(cells, n)
		} else {
			cells = append(cells, nil) // not a service of the unit's province
		}
	}
	return cells
}

func keysOf(units []db.Unit) []db.Key {
	keys := make([]db.Key, len(units))
	for i := range units {
		keys[i] = units[i].Key()
	}
	return keys
}

func onDay(units []db.Unit, day time.Time) []db.OnDay {
	on := make([]db.OnDay, len(units))
	for i := range units {
		on[i] = db.OnDay{Key: units[i].Key(), Day: day}
	}
	return on
}

// integrityNotes say whether the units add up.
func integrityNotes(i db.Integrity) []table.Note {
	return []table.Note{
		{Name: "total", Vi: "Tổng số hộ trong sổ (hộ)", En: "Households on the register (households)", Value: i.Total},
		{Name: "sumOfUnits", Vi: "Cộng các đơn vị (hộ)", En: "Sum of the units (households)", Value: i.SumOfUnits},
		{Name: "unassigned", Vi: "Không thuộc đơn vị nào (hộ)", En: "In none of the units (households)", Value: i.Unassigned},
		{Name: "holds", Vi: "Tổng khớp", En: "The sum holds", Value: i.Holds},
	}
}
