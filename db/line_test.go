package db_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"vunglom/db"
)

// isBusy tells whether an error asks to come again.
func isBusy(err error) bool {
	var told *db.Error
	return errors.As(err, &told) && told.Code == db.CodeBusy && told.RetryAfter > 0
}

// TestWritersHoldUpNobody writes of provinces that are being imported, more of them than the pool has connections, and of one more than may wait
// for it: all questions are answered meanwhile, another province is written, who finds the line full or has no time left is asked to come again, and the others
// write in the end.
func TestWritersHoldUpNobody(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	const connections = 4
	l.land(t, small, db.ImportOptions{})
	l.land(t, otherProvince(small), db.ImportOptions{})
	taken := []string{"91", "92", "93", "94", "96"} // of the others nothing is loaded, which a writer learns once it is his turn
	few := newLandingAt(t, pooled(t, l.url, connections))
	visit := sent(t, "visits", "code,household_code,team_code,visited_on,outcome\nW1,A,T1,2023-09-01,guided\n", db.WriteAll)
	of := func(ctx context.Context, province string) error {
		w := visit
		w.Province = province
		_, err := few.Write(ctx, w)
		return err
	}
	tx, err := l.sql.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	for _, province := range taken {
		if _, err := tx.ExecContext(t.Context(), "select pg_advisory_xact_lock(hashtextextended('vunglom import ' || $1, 0))", province); err != nil {
			t.Fatal(err)
		}
	}
	written, refused := make(chan error, len(taken)), make(chan error, db.MostWriters+9)
	for _, province := range taken {
		go func() { written <- of(t.Context(), province) }()
	}
	waiting, leave := context.WithCancel(t.Context())
	for range db.MostWriters + 9 { // one more stands there already, or comes to find it full
		go func() { refused <- of(waiting, "96") }()
	}
	within, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	next := func(from <-chan error) error {
		t.Helper()
		select {
		case err := <-from:
			return err
		case <-within.Done():
			t.Fatal("it goes on and on")
			return nil
		}
	}
	full := 0
	for full < 9 {
		if err := next(refused); !isBusy(err) {
			t.Fatalf("a line that is full: %v", err)
		}
		full++
	}
	for range 5 * connections {
		if _, err := few.Datasets(within); err != nil {
			t.Fatalf("questions wait: %v", err)
		}
	}
	if err := of(within, "95"); err != nil {
		t.Fatalf("another province: %v", err)
	}
	soon, end := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer end()
	if err := of(soon, "91"); !isBusy(err) {
		t.Errorf("no time left: %v", err)
	}
	select {
	case err := <-written:
		if !isBusy(err) {
			t.Fatalf("somebody did not wait: %v", err)
		}
		written <- err // who came last to the line of 96
	default:
	}
	leave()
	for range db.MostWriters {
		if err := next(refused); !isBusy(err) && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	missing := 0
	for range taken {
		switch err := next(written); {
		case db.IsNotFound(err):
			missing++
		case err != nil && !isBusy(err):
			t.Fatal(err)
		}
	}
	if missing != len(taken)-1 {
		t.Errorf("%d provinces of which nothing is loaded", missing)
	}
	if err := of(within, "96"); err != nil {
		t.Fatal(err)
	}
	verified(t, l.DB)
}
