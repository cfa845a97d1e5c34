package e2e

import (
	"net/http"
	"testing"
)

// TestDashboard walks through the dashboard. What changes the data comes first and alone; the rest shares them.
func TestDashboard(t *testing.T) {
	t.Parallel()
	d := newDemo(t)
	t.Run("first import", func(t *testing.T) { testFirstImport(t, d, generate(t)) })
	t.Run("live", func(t *testing.T) { testLive(t, d) })
	t.Run("walks", func(t *testing.T) {
		everybody(t, d, []walk{
			{"choropleth", walkChoropleth},
			{"card", walkCard},
			{"drill", walkDrill},
			{"addresses", walkAddresses},
			{"points", walkPoints},
			{"remote", walkRemote},
			{"day", walkDay},
			{"play", walkPlay},
			{"boundaries", walkBoundaries},
			{"table", walkTable},
			{"measure", walkMeasure},
			{"language", walkLanguage},
			{"gaps", walkGaps},
			{"gaps on the map", walkGapsOnMap},
			{"unit", walkUnit},
			{"plan", walkPlan},
			{"fewest", walkFewest},
			{"search", walkSearch},
			{"link", walkLink},
			{"export", walkExport},
			{"picture", walkPicture},
			{"print", walkPrint},
			{"access", walkAccess},
			{"keyboard", walkKeyboard},
		})
		t.Run("still", func(t *testing.T) { testStill(t, d) })
		t.Run("offline", func(t *testing.T) { testOffline(t, d) })
		t.Run("no map", func(t *testing.T) { testNoMap(t, d) })
		t.Run("rounds", func(t *testing.T) { testRounds(t, d) })
	})
	for _, r := range d.Asked() {
		if r.Status >= http.StatusBadRequest {
			t.Errorf("the server answered %d to %s", r.Status, r.URL)
		}
	}
}
