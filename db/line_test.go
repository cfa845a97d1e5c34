package db_test

import (
	"testing"
	"time"

	"vunglom/db"
)

// TestAProvinceHoldsUpNoOther writes of a province while another one is being imported, and somebody waits to write of that.
func TestAProvinceHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	l.land(t, small, db.ImportOptions{})
	l.land(t, otherProvince(small), db.ImportOptions{})
	visit := sent(t, "visits", "code,household_code,team_code,visited_on,outcome\nW1,A,T1,2023-09-01,guided\n", db.WriteAll)
	other := visit
	other.Province = "95"
	tx, err := l.sql.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(t.Context(), "select pg_advisory_xact_lock(hashtextextended('vunglom import 96', 0))"); err != nil {
		t.Fatal(err)
	}
	written := make(chan error, 2)
	for range 2 { // one at the database, one in line behind it
		go func() {
			_, err := l.Write(t.Context(), visit)
			written <- err
		}()
	}
	waitsForLock(t, l)
	beside := make(chan error, 1)
	go func() {
		_, err := l.Write(t.Context(), other)
		beside <- err
	}()
	select {
	case err := <-beside:
		if err != nil {
			t.Fatal(err)
		}
	case <-time.After(2 * time.Minute):
		t.Fatal("it waits for the other province")
	}
	select {
	case err := <-written:
		t.Fatalf("somebody did not wait: %v", err)
	default:
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := <-written; err != nil {
			t.Fatal(err)
		}
	}
	verified(t, l.DB)
}
