package db

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

var unitByRefs = query("unit_by_refs")

// seated is a unit and the chain above it on a day, itself included.
type seated struct {
	Unit
	ProvinceID, DistrictID, CommuneID, HamletID *int64
}

// in tells whether the unit is another one or lies in it.
func (s *seated) in(other *Unit) bool {
	id := [...]*int64{s.ProvinceID, s.DistrictID, s.CommuneID, s.HamletID}[other.Level.rank()]
	return s.Province == other.Province && id != nil && *id == other.ID
}

// unitsByRefs returns the units that refs name on a day, in their order, in one statement. Errors: as UnitByRef.
func (d *DB) unitsByRefs(ctx context.Context, refs []Ref, day time.Time) ([]seated, error) {
	named, err := d.seatsOf(ctx, refs, day)
	if err != nil {
		return nil, err
	}
	answer := make([]seated, len(refs))
	for i, ref := range refs {
		candidates := make([]Unit, len(named[i]))
		for j := range named[i] {
			candidates[j] = named[i][j].Unit
		}
		one, err := ref.among(candidates, day)
		if err != nil {
			return nil, err
		}
		for _, s := range named[i] {
			if s.Key() == one.Key() {
				answer[i] = s
			}
		}
	}
	return answer, nil
}

// seatsOf returns, for each ref, the units of that level and code that are valid on a day, by province, in one statement.
func (d *DB) seatsOf(ctx context.Context, refs []Ref, day time.Time) ([][]seated, error) {
	n := len(refs)
	levels, codes, provinces, short := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	for i, r := range refs {
		if err := r.Level.check(); err != nil {
			return nil, err
		}
		levels[i], codes[i] = string(r.Level), r.Code
		provinces[i], short[i], _ = strings.Cut(r.Code, "/")
	}
	type row struct {
		Asked int
		Unit
		ProvinceID, DistrictID, CommuneID, HamletID *int64
	}
	found, err := ask[row](ctx, d, unitByRefs, pgx.StrictNamedArgs{
		"levels": levels, "codes": codes, "provinces": provinces, "codes_in_province": short, "day": day,
	})
	if err != nil {
		return nil, err
	}
	named := make([][]seated, n)
	for _, r := range found {
		named[r.Asked-1] = append(named[r.Asked-1], seated{r.Unit, r.ProvinceID, r.DistrictID, r.CommuneID, r.HamletID})
	}
	return named, nil
}

// UnitsNamed returns the units of those levels and codes that are valid on a day, each once, by level from the widest, then by code;
// what names none is left out.
func (d *DB) UnitsNamed(ctx context.Context, refs []Ref, day time.Time) ([]Unit, error) {
	if len(refs) == 0 {
		return nil, nil
	}
	named, err := d.seatsOf(ctx, refs, day)
	if err != nil {
		return nil, err
	}
	units, seen := []Unit{}, map[Key]bool{}
	for _, s := range slices.Concat(named...) {
		if !seen[s.Key()] {
			seen[s.Key()] = true
			units = append(units, s.Unit)
		}
	}
	slices.SortFunc(units, func(a, b Unit) int {
		return cmp.Or(cmp.Compare(a.Level.rank(), b.Level.rank()), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Province, b.Province))
	})
	return units, nil
}
