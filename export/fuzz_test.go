package export

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"vunglom/db"
	"vunglom/table"
)

// FuzzFile asks for any file with any arguments: it can be written, under one name, or is refused with a code.
func FuzzFile(f *testing.F) {
	for _, name := range Names() {
		f.Add(name, "csv", "asOf=2024-09-30&within=COMMUNE:32001")
	}
	f.Add("plan", "xlsx", "teams=5&target=0.8")
	f.Add("gaps", "geojson", "minHouseholds=3&lang=en&headers=name")
	f.Add("coverage", "gpkg", "measure=SERVICE_SHARE&service=x&classes=7&zoom=99")
	today := time.Date(2026, 9, 30, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, name, format, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			return // the edge has refused it
		}
		file, err := Read(name, table.Format(format), values, today)
		if err != nil {
			var refused *db.Error
			if !errors.As(err, &refused) || refused.Message == "" {
				t.Errorf("%s.%s?%s: %v", name, format, query, err)
			}
			return
		}
		if called := file.FileName(&table.About{AsOf: file.asOf, Snapshot: "96.1"}); strings.ContainsAny(called, "/\\\"\r\n") || called == "" {
			t.Errorf("%s.%s?%s is called %q", name, format, query, called)
		}
		if again, err := Read(name, table.Format(format), values, today); err != nil || again.Key("96.1") != file.Key("96.1") {
			t.Errorf("%s.%s?%s has another key when read again: %v", name, format, query, err)
		}
	})
}
