package db_test

import (
	"encoding/base64"
	"errors"
	"testing"

	"vunglom/db"
)

// A cursor that no list of ours gave is the client's mistake, whatever stands in it, and never an internal error.
func TestForgedCursorsAreRefused(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	l.land(t, small, db.ImportOptions{})
	ctx, day := t.Context(), parse("2024-09-30")
	unit, err := l.UnitByRef(ctx, db.Ref{Level: db.LevelProvince, Code: "96"}, day)
	if err != nil {
		t.Fatal(err)
	}
	on := []db.OnDay{{Key: unit.Key(), Day: day}}
	lists := map[string]func(db.PageArgs) error{
		"gap":     func(p db.PageArgs) error { _, err := l.Gaps(ctx, db.DefaultGapFilter(), day, p); return err },
		"unit":    func(p db.PageArgs) error { _, err := l.Units(ctx, db.UnitFilter{}, day, p); return err },
		"child":   func(p db.PageArgs) error { _, err := l.Children(ctx, on, p); return err },
		"address": func(p db.PageArgs) error { _, err := l.Addresses(ctx, db.AddressFilter{}, day, p); return err },
		"team":    func(p db.PageArgs) error { _, err := l.TeamsOfUnits(ctx, on, p); return err },
	}
	for list, ask := range lists {
		for _, keys := range []string{`["gap",1.5,"\u0000","96"]`, `["unit",2,"\u0000","96"]`, `["unit",3000000000,"1","96"]`, `["unit",2,"1"]`,
			`["address","96","local","\u0000"]`, `["team","T\u0000"]`, `["team",1]`, `{}`, `"team"`, "\xff"} {
			err := ask(db.PageArgs{First: 1, After: base64.RawURLEncoding.EncodeToString([]byte(keys))})
			var refused *db.Error
			if !errors.As(err, &refused) || refused.Code != db.CodeBadInput {
				t.Errorf("%s after %s: %v", list, keys, err)
			}
		}
		if err := ask(db.PageArgs{First: 1}); err != nil {
			t.Errorf("%s: %v", list, err)
		}
	}
}
