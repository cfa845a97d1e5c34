package db_test

import (
	"errors"
	"testing"
	"time"

	"vunglom/db"
)

// TestHold imports a bundle while questions are being asked: what is held stays as it was, what is not is new.
func TestHold(t *testing.T) {
	t.Parallel()
	l := load(t, 31)
	day := parse("2024-09-30")
	stop := errors.New("enough")
	err := l.d.Hold(t.Context(), func(held *db.DB) error {
		before, err := held.Snapshot(t.Context())
		if err != nil {
			return err
		}
		n, err := total(t, held, day)
		if err != nil {
			return err
		}
		province := db.Ref{Level: db.LevelProvince, Code: "96"}
		_, supposed, err := held.WhatIf(t.Context(), province, day, nil, nil)
		if err != nil {
			return err
		}
		folder := write(t, map[string]string{
			"bundle.json":   `{"province": "96", "as_of": "2026-11-01", "source": "test"}`,
			"addresses.csv": "scheme,code,lon,lat,kind\nlocal,NEW-1,105.005,9.005,household\n",
		})
		if _, err := importDir(t, l.d, folder, db.ImportOptions{}); err != nil {
			return err
		}
		after, err := held.Snapshot(t.Context())
		if err != nil {
			return err
		}
		m, err := total(t, held, day)
		if err != nil {
			return err
		}
		if before != after || n != m {
			t.Errorf("what is held changed: %s, %d addresses; then %s, %d", before, n, after, m)
		}
		_, again, err := held.WhatIf(t.Context(), province, day, nil, nil) // which holds a state itself
		if err != nil {
			return err
		}
		if again.Addresses != supposed.Addresses {
			t.Errorf("what is supposed of what is held has %d addresses, then %d", supposed.Addresses, again.Addresses)
		}
		now, err := l.d.Snapshot(t.Context())
		if err != nil {
			return err
		}
		all, err := total(t, l.d, day)
		if err != nil {
			return err
		}
		if now == before || all != n+1 {
			t.Errorf("beside it: %s and %d addresses, want another than %s and %d", now, all, before, n+1)
		}
		return stop
	})
	if !errors.Is(err, stop) {
		t.Fatalf("got %v", err)
	}
}

// total is how many addresses there are.
func total(t *testing.T, d *db.DB, day time.Time) (int, error) {
	t.Helper()
	page, err := d.Addresses(t.Context(), db.AddressFilter{}, day, db.PageArgs{First: 1})
	return page.Total, err
}
