// Package published holds what provinces have published about their teams and households: a bundle of reports a province,
// each figure with its qualifier, its base and its source as published, and the units that the figures name. There
// are no polygons, no registers and no totals that nobody published: what is not here is unknown.
//
// Units: names and codes are those of the statistics office's list of 2025-06-30; hamlets have no national code, theirs are
// made of their commune's and their name. valid_from 2022-01-01 stands for "since before 2022" (for Cà Mau 2004-08-31, as in
// the demo province). On 2025-07-01 Sóc Trăng went into Cần Thơ and Bến Tre into Vĩnh Long (Resolution 202/2025/QH15); Phường 9
// of Sóc Trăng merged with Phường 1, under its own code, on 2024-09-01 (Resolution 1105/NQ-UBTVQH15).
//
// Days: where a month is published, as_of is its last day; where a year, 31 December. A published share without a count is
// reported as the value itself (smart_device_adult_share 0.88).
package published

import (
	"embed"
	"encoding/csv"
	"fmt"
	"io/fs"
	"os"
)

//go:embed 22 83 94 96
var files embed.FS

// Provinces returns the codes of the provinces of which there is a bundle, ascending.
func Provinces() []string { return []string{"22", "83", "94", "96"} }

// Write writes a province's bundle into a folder, which must not hold its files yet.
func Write(province, folder string) error {
	sub, err := fs.Sub(files, province)
	if err == nil {
		err = os.CopyFS(folder, sub)
	}
	if err != nil {
		return fmt.Errorf("published figures of province %s: %w", province, err)
	}
	return nil
}

// Reports returns the rows of a province's reports, their cells as published, in the order of the bundle's columns.
func Reports(province string) ([][]string, error) {
	f, err := files.Open(province + "/reports.csv")
	if err != nil {
		return nil, fmt.Errorf("published figures: %w", err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("published figures of province %s: %w", province, err)
	}
	return rows[1:], nil
}
