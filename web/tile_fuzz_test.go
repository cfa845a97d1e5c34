package web

import (
	"errors"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"vunglom/db"
)

// FuzzTile asks for any tile with any arguments: it is one that there is, or is refused with a code.
func FuzzTile(f *testing.F) {
	for _, l := range tileLayers {
		f.Add(string(l.id), "10", "811", "486.mvt", "level=COMMUNE&asOf=2024-09-30&within=COMMUNE:32001")
	}
	f.Add("units", "99", "-1", "1", "")
	f.Add("gap-areas", "0", "0", "0.mvt", "distanceMetres=1e999&minHouseholds=-1")
	h := &tiles{now: func() time.Time { return time.Date(2026, 9, 30, 0, 0, 0, 0, time.UTC) }}
	f.Fuzz(func(t *testing.T, layer, z, x, row, query string) {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/tiles", nil)
		r.URL = &url.URL{Path: "/tiles", RawQuery: query}
		for name, value := range map[string]string{"layer": layer, "z": z, "x": x, "row": row} {
			r.SetPathValue(name, value)
		}
		_, q, err := h.read(r)
		if err == nil {
			if !q.Tile.Valid() || q.Day.IsZero() && query == "" || tileQuestion("96.1", &q) == "" {
				t.Errorf("%s/%s/%s/%s?%s is read as %+v", layer, z, x, row, query, q)
			}
			return
		}
		var refused *db.Error
		if !errors.As(err, &refused) || refused.Message == "" {
			t.Errorf("%s/%s/%s/%s?%s: %v", layer, z, x, row, query, err)
		}
	})
}
