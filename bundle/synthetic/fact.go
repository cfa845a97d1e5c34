package synthetic

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"time"

	"vunglom/bundle"
)

//go:embed commune.csv
var communeCSV []byte

//go:embed succession.csv
var successionCSV []byte

// unit is a row of commune.csv: a unit that exists or existed.
type unit struct {
	level, code, name, kind, parent string
	from, to                        int64 // days since 1970-01-01; to 0: still valid
	population                      int64 // 0: unknown
	areaKm2, lon, lat               float64
}

// succession is a row of succession.csv.
type succession struct {
	level, from, to string
	on              int64
	extent          string
	decision        string
}

// facts is what is known about the real province.
type facts struct {
	units       []unit
	successions []succession
}

// readFacts reads the two embedded tables.
func readFacts() (*facts, error) {
	f := &facts{}
	rows, err := factRows("commune.csv", communeCSV)
	if err != nil {
		return nil, err
	}
	for i, r := range rows {
		u := unit{level: r[0], code: r[1], name: r[2], kind: r[3], parent: r[4], from: day(r[5])}
		if r[6] != "" {
			u.to = day(r[6])
		}
		for k, into := range []*float64{&u.areaKm2, &u.lon, &u.lat} {
			if cell := r[8+k]; cell != "" {
				if *into, err = strconv.ParseFloat(cell, 64); err != nil {
					return nil, fmt.Errorf("commune.csv, unit %d: %w", i+1, err)
				}
			}
		}
		if r[7] != "" {
			if u.population, err = strconv.ParseInt(r[7], 10, 64); err != nil {
				return nil, fmt.Errorf("commune.csv, unit %d: %w", i+1, err)
			}
		}
		f.units = append(f.units, u)
	}
	if rows, err = factRows("succession.csv", successionCSV); err != nil {
		return nil, err
	}
	for _, r := range rows {
		f.successions = append(f.successions, succession{level: r[0], from: r[1], to: r[2], on: day(r[3]), extent: r[4], decision: r[5]})
	}
	return f, nil
}

func factRows(name string, data []byte) ([][]string, error) {
	r := csv.NewReader(bytes.NewReader(data))
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return rows[1:], nil
}

// day reads a date of the project's own tables and constants.
func day(s string) int64 {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic("synthetic: " + err.Error()) // only ever a constant of this package
	}
	return bundle.DayOf(t)
}

// The days on which the province's history turns.
var (
	mergeDay  = day("2024-12-01") // Phường 2 and Phường 4 become one
	reformDay = day("2025-07-01") // the new Cà Mau; districts end
	figureDay = day("2024-09-30") // the day of the published figures
	lastDay   = day("2026-10-31") // the day the bundle speaks of
)
