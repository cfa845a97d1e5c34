package db_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"vunglom/db"
	"vunglom/gis"
)

// warea is an area as the count finds it: how many households, and the codes of the hamlets.
type warea struct {
	Households int
	Hamlets    []string
}

// gapHousehold is one of the contract's gap households: where it is, and the units it lies in.
type gapHousehold struct {
	address *waddress // nil: none
	home    []*wunit
}

// gapHouseholds lists them by the contract's words.
func (w *world) gapHouseholds(day string) (all []gapHousehold) {
	occupied := map[*waddress]bool{}
	for _, h := range w.households {
		status := h.status(day)
		if status != "" {
			occupied[h.address] = true
		}
		if status == db.StatusAttempted || status == db.StatusNotVisited {
			all = append(all, gapHousehold{h.address, w.home(h, day)})
		}
	}
	for _, a := range w.addresses {
		if a.kind == "household" && !occupied[a] {
			commune, hamlet := w.locate(a.x, a.y, day)
			home := w.chain(commune, day)
			if hamlet != nil {
				home = append([]*wunit{hamlet}, home...)
			}
			all = append(all, gapHousehold{a, home})
		}
	}
	return all
}

// areas links them by measuring every pair.
func areasOf(all []gapHousehold, metres float64, least int) (areas []warea, scattered, unplaced int) {
	at := func(g gapHousehold) [2]float64 {
		return [2]float64{float64(105000+g.address.x) / 1000, float64(9000+g.address.y) / 1000}
	}
	seen := make([]bool, len(all))
	for i := range all {
		if all[i].address == nil {
			unplaced++
			continue
		}
		if seen[i] {
			continue
		}
		var area warea
		seen[i] = true
		for queue := []int{i}; len(queue) > 0; queue = queue[1:] {
			one := all[queue[0]]
			area.Households++
			if len(one.home) > 0 && one.home[0].level == "hamlet" && !slices.Contains(area.Hamlets, one.home[0].code) {
				area.Hamlets = append(area.Hamlets, one.home[0].code)
			}
			for j := range all {
				if !seen[j] && all[j].address != nil && gis.DistanceMetres(at(one), at(all[j])) <= metres {
					seen[j] = true
					queue = append(queue, j)
				}
			}
		}
		if area.Households < least {
			scattered += area.Households
			continue
		}
		slices.Sort(area.Hamlets)
		areas = append(areas, area)
	}
	return areas, scattered, unplaced
}

// order puts areas into one order, whatever their ids.
func order(areas []warea) {
	slices.SortFunc(areas, func(a, b warea) int {
		return cmp.Or(cmp.Compare(b.Households, a.Households), slices.Compare(a.Hamlets, b.Hamlets))
	})
}

// TestGapAreasAgreeWithTheCount compares areas with those that every pair gives, of everything, of units and of a box,
// and holds the sums to the coverage of the unit.
func TestGapAreasAgreeWithTheCount(t *testing.T) {
	t.Parallel()
	l := load(t, 31)
	box := db.Box{West: 105.005, South: 9.003, East: 105.031, North: 9.04}
	most := 0
	for n, day := range l.days {
		everyone := l.gapHouseholds(day)
		for k, q := range []db.GapAreaQuery{
			{DistanceMetres: 300, MinHouseholds: 10},
			{DistanceMetres: 112, MinHouseholds: 1}, // a step of 0.001° of longitude is 110 m, of latitude 110.6 m
			{DistanceMetres: 1, MinHouseholds: 2},
			{DistanceMetres: 50_000, MinHouseholds: 1},
			{DistanceMetres: 160, MinHouseholds: 3, Box: &box},
			{DistanceMetres: 200, MinHouseholds: 4, Within: &db.Ref{Level: db.LevelProvince, Code: "96"}},
			{DistanceMetres: 200, MinHouseholds: 4, Within: &db.Ref{Level: db.LevelCommune, Code: commune(2, 1)}},
			{DistanceMetres: 250, MinHouseholds: 2, Within: &db.Ref{Level: db.LevelHamlet, Code: l.units[len(l.units)-1].code}},
		} {
			if n < 3 && k%2 == 1 {
				continue // every day has some of each kind
			}
			q.Day = parse(day)
			var of *wunit
			all := everyone
			if q.Within != nil {
				if of = l.unitOn(string(q.Within.Level), q.Within.Code, day); of == nil {
					if _, err := l.d.GapAreas(t.Context(), q); !db.IsNotFound(err) {
						t.Errorf("%s on %s: %v", q.Within.Code, day, err)
					}
					continue
				}
				all = slices.DeleteFunc(slices.Clone(all), func(g gapHousehold) bool { return !slices.Contains(g.home, of) })
			}
			if q.Box != nil {
				all = slices.DeleteFunc(slices.Clone(all), func(g gapHousehold) bool {
					return g.address == nil || g.address.x < 5 || g.address.x > 31 || g.address.y < 3 || g.address.y > 40
				})
			}
			want, scattered, unplaced := areasOf(all, q.DistanceMetres, q.MinHouseholds)
			got, err := l.d.GapAreas(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			if got.Households != len(all) || got.Scattered != scattered || got.Unplaced != unplaced {
				t.Errorf("query %d on %s: %d households, %d scattered, %d unplaced, want %d, %d, %d", k, day,
					got.Households, got.Scattered, got.Unplaced, len(all), scattered, unplaced)
			}
			checkAreas(t, fmt.Sprintf("query %d on %s", k, day), got, want)
			if f := l.count(day)[of].coverage(day); q.Box == nil && f.GapHouseholds != nil && *f.GapHouseholds != got.Households {
				t.Errorf("query %d on %s: the coverage has %d gap households, the areas %d", k, day, *f.GapHouseholds, got.Households)
			}
			most = max(most, len(want))
		}
	}
	if most < 20 {
		t.Errorf("at most %d areas were compared", most)
	}
}

func checkAreas(t *testing.T, name string, got *db.GapAreas, want []warea) {
	t.Helper()
	sum := got.Scattered + got.Unplaced
	var found []warea
	ids := map[string]bool{}
	for i, a := range got.Areas {
		sum += a.Households
		ids[a.ID] = true
		f := warea{Households: a.Households}
		for _, u := range a.Hamlets {
			f.Hamlets = append(f.Hamlets, u.Code)
		}
		found = append(found, f)
		if i > 0 && cmp.Or(cmp.Compare(got.Areas[i-1].Households, a.Households), cmp.Compare(a.ID, got.Areas[i-1].ID)) < 0 {
			t.Errorf("%s: area %d is out of order", name, i)
		}
	}
	if sum != got.Households || len(ids) != len(got.Areas) {
		t.Errorf("%s: %d households in parts, %d in all; %d ids of %d areas", name, sum, got.Households, len(ids), len(got.Areas))
	}
	order(found)
	order(want)
	if diff := gocmp.Diff(want, found); diff != "" {
		t.Errorf("%s:\n%s", name, diff)
	}
}

// TestGapAreasAreDrawn: every area is a feature of a polygon around its centre, and the same ids come back each time.
func TestGapAreasAreDrawn(t *testing.T) {
	t.Parallel()
	l := load(t, 32)
	q := db.DefaultGapAreaQuery(parse("2024-09-30"))
	q.DistanceMetres, q.MinHouseholds = 150, 2
	areas, err := l.d.GapAreas(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	text, err := areas.Features(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var read struct {
		Type     string
		Features []struct {
			Type, ID string
			Geometry struct {
				Type        string
				Coordinates [][][2]float64
			}
			Properties struct {
				ID                  string
				Households          int
				Hamlets             []string
				Longitude, Latitude float64
			}
		}
	}
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	again, err := l.d.GapAreas(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	if read.Type != "FeatureCollection" || len(read.Features) != len(areas.Areas) || len(areas.Areas) < 5 || len(again.Areas) != len(areas.Areas) {
		t.Fatalf("%d features, %d areas, then %d", len(read.Features), len(areas.Areas), len(again.Areas))
	}
	for i, f := range read.Features {
		a, p := areas.Areas[i], f.Properties
		if f.ID != a.ID || p.ID != a.ID || again.Areas[i].ID != a.ID || p.Households != a.Households || len(p.Hamlets) != len(a.Hamlets) ||
			p.Longitude != a.Centre.Longitude || p.Latitude != a.Centre.Latitude || f.Geometry.Type != "Polygon" {
			t.Errorf("feature %d is %+v of %+v", i, f, a)
		}
		west, east, south, north := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
		for _, c := range f.Geometry.Coordinates[0] {
			west, east, south, north = min(west, c[0]), max(east, c[0]), min(south, c[1]), max(north, c[1])
		}
		if !(west < p.Longitude && p.Longitude < east && south < p.Latitude && p.Latitude < north) {
			t.Errorf("the centre of area %d is outside its hull", i)
		}
	}
}

func TestGapAreasRefuse(t *testing.T) {
	t.Parallel()
	l := load(t, 33)
	for name, change := range map[string]func(*db.GapAreaQuery){
		"near": func(q *db.GapAreaQuery) { q.DistanceMetres = 0.5 },
		"far":  func(q *db.GapAreaQuery) { q.DistanceMetres = 50_001 },
		"NaN":  func(q *db.GapAreaQuery) { q.DistanceMetres = math.NaN() },
		"few":  func(q *db.GapAreaQuery) { q.MinHouseholds = 0 },
		"box":  func(q *db.GapAreaQuery) { q.Box = &db.Box{West: 106, East: 105} },
	} {
		q := db.DefaultGapAreaQuery(parse("2024-09-30"))
		change(&q)
		var e *db.Error
		if _, err := l.d.GapAreas(t.Context(), q); !errors.As(err, &e) || e.Code != db.CodeBadInput {
			t.Errorf("%s: %v", name, err)
		}
	}
}
