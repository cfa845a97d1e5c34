package db_test

import (
	"fmt"
	"strings"
	"testing"

	"vunglom/db"
	"vunglom/db/dbtest"
)

// TestMapReadsRollUpsOnly looks at the plans of maps and gaps: none may touch a household, a visit or an address.
func TestMapReadsRollUpsOnly(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t)
	for _, name := range []string{"coverage_map", "gap_page", "coverage_of_unit", "service_uptake_of_unit"} {
		_, statement := bind(db.Query(name))
		conn, err := dbtest.SQL(t, url).Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := conn.ExecContext(t.Context(), "set plan_cache_mode = force_generic_plan; prepare question as "+statement); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		names, _ := bind(db.Query(name))
		nulls := strings.TrimSuffix(strings.Repeat("null, ", len(names)), ", ")
		rows, err := conn.QueryContext(t.Context(), fmt.Sprintf("explain execute question (%s)", nulls))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var plan strings.Builder
		for rows.Next() {
			var line string
			if err := rows.Scan(&line); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintln(&plan, line)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(plan.String(), "place_month") {
			t.Errorf("%s doesn't read roll-ups:\n%s", name, plan.String())
		}
		for _, table := range []string{"household", "visit", "address", "adoption"} {
			if strings.Contains(plan.String(), " on "+table+" ") || strings.Contains(plan.String(), " on "+table+"\n") {
				t.Errorf("%s reads %s:\n%s", name, table, plan.String())
			}
		}
	}
}
