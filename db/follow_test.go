package db_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vunglom/db"
	"vunglom/db/dbtest"
)

// patience is how long a test waits for what is sure to come.
const patience = 2 * time.Minute

// followed is what one who follows is sent.
type followed[T any] struct {
	sent chan T
	end  chan error
}

// follow begins to follow with a function that sends until the test ends.
func follow[T any](t *testing.T, run func(ctx context.Context, send func(T) error) error) *followed[T] {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	f := &followed[T]{make(chan T), make(chan error, 1)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		f.end <- run(ctx, func(v T) error {
			select {
			case f.sent <- v:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	t.Cleanup(func() { cancel(); <-done })
	return f
}

func changesOf(t *testing.T, d *db.DB, f db.Following) *followed[db.Change] {
	t.Helper()
	follower, err := d.Follow(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	return follow(t, follower.Run)
}

// next waits for what is sent next.
func (f *followed[T]) next(t *testing.T) T {
	t.Helper()
	select {
	case v := <-f.sent:
		return v
	case err := <-f.end:
		t.Fatalf("following has ended: %v", err)
	case <-time.After(patience):
		t.Fatal("nothing is sent")
	}
	panic("unreachable")
}

// named writes units as "H1@2025-07-01".
func named(units []db.Identity) []string {
	var names []string
	for _, u := range units {
		names = append(names, u.Code+"@"+u.ValidFrom.Format(time.DateOnly))
	}
	slices.Sort(names)
	return names
}

// visitOf is a bundle of one visit to a household, and of nothing else.
func visitOf(code, household string) map[string]string {
	return edited(only(small), map[string]string{"visits.csv": "code,household_code,team_code,visited_on,outcome\n" + code + "," + household + ",T2,2023-09-01,guided\n"})
}

// TestFollowWithin: two provinces, one who follows a commune of one of them, and one who follows all.
func TestFollowWithin(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	l.land(t, small, db.ImportOptions{})
	other := func(files map[string]string) map[string]string {
		out := map[string]string{}
		for name, text := range files {
			out[name] = strings.NewReplacer("province,96,", "province,95,", `"96"`, `"95"`, ",province,96", ",province,95").Replace(text)
		}
		return out
	}
	day := parse("2024-09-30")
	within := changesOf(t, l.DB, db.Following{Within: &db.Ref{Level: db.LevelHamlet, Code: "H3"}, Day: day})
	all := changesOf(t, l.DB, db.Following{Seen: map[string]int64{"96": 1}})
	l.land(t, other(small), db.ImportOptions{})
	if c := all.next(t); c.Token() != "95-1" {
		t.Errorf("another province: %+v", c)
	}
	l.land(t, visitOf("W1", "A"), db.ImportOptions{}) // in H1
	if c := all.next(t); c.Token() != "96-2" || !slices.Contains(named(c.Units), "H1@2004-08-31") {
		t.Errorf("a visit elsewhere: %+v", c)
	}
	l.land(t, edited(only(small), map[string]string{"households.csv": "code,address_scheme,address_code,registered_on\nG,dia_chi_so,9600000004,2022-06-01\n"}), db.ImportOptions{})
	if c := within.next(t); c.Token() != "96-3" || !cmp.Equal(named(c.Units), []string{"H3@2004-08-31"}) {
		t.Errorf("what is followed: %+v", c)
	}
	if c := all.next(t); c.Token() != "96-3" {
		t.Errorf("the third: %+v", c)
	}
	// What came while nobody was there, as one.
	commune := db.Following{Within: &db.Ref{Level: db.LevelCommune, Code: "96/31999"}, Day: day, Seen: map[string]int64{"96": 1, "95": 1}}
	c := changesOf(t, l.DB, commune).next(t)
	if want := []string{"31999@2004-08-31", "H1@2004-08-31"}; c.Token() != "96-3" || !c.Complete || !cmp.Equal(named(c.Units), want) {
		t.Errorf("since the first: %+v", c)
	}
	commune.Whole = true // who may not know where the visit was
	if c := changesOf(t, l.DB, commune).next(t); c.Token() != "96-3" || c.Complete || len(c.Units) > 0 {
		t.Errorf("for everybody: %+v", c)
	}
	elsewhere := db.Following{Within: &db.Ref{Level: db.LevelHamlet, Code: "96/H2"}, Day: day, Seen: map[string]int64{"96": 2}, Whole: true}
	if c := changesOf(t, l.DB, elsewhere).next(t); c.Token() != "96-3" || c.Complete {
		t.Errorf("for everybody, of a unit that was not touched: %+v", c)
	}
	unknown := db.Following{Within: &db.Ref{Level: db.LevelHamlet, Code: "H9"}, Day: day}
	if _, err := l.Follow(t.Context(), unknown); !db.IsNotFound(err) {
		t.Errorf("a unit that is not: %v", err)
	}
}

// TestFollowSlowly: one who takes nothing for three imports keeps nobody waiting and gets them as one.
func TestFollowSlowly(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	l.land(t, small, db.ImportOptions{})
	slow := changesOf(t, l.DB, db.Following{Seen: map[string]int64{"96": 0}})
	quick := changesOf(t, l.DB, db.Following{Seen: map[string]int64{"96": 1}})
	for i, household := range []string{"A", "C", "D"} { // slow is offered the first import meanwhile
		l.land(t, visitOf(fmt.Sprint("W", i), household), db.ImportOptions{})
		if c := quick.next(t); c.Token() != fmt.Sprint("96-", i+2) {
			t.Errorf("%+v", c)
		}
	}
	var last db.Change
	for seen := 0; last.Token() != "96-4"; seen++ {
		if last = slow.next(t); seen > 1 {
			t.Errorf("change %d: %+v", seen, last)
		}
	}
}

// TestFollowSurvivesItsConnection ends the listener's connection while imports land, again and again.
func TestFollowSurvivesItsConnection(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	l.land(t, small, db.ImportOptions{})
	sent := changesOf(t, l.DB, db.Following{Seen: map[string]int64{"96": 1}})
	own := dbtest.SQL(t, l.url)
	for i := range 4 {
		for len(texts(t, own, "select pg_terminate_backend(pid)::text from pg_stat_activity where datname = current_database() and query like 'listen%'")) == 0 && i == 0 {
		}
		l.land(t, visitOf("W", []string{"A", "C"}[i%2]), db.ImportOptions{})
		if c := sent.next(t); c.Token() != fmt.Sprint("96-", i+2) || !c.Complete {
			t.Errorf("%+v", c)
		}
	}
}

// TestFollowSurvivesARestart stops the whole server and starts it again.
func TestFollowSurvivesARestart(t *testing.T) {
	t.Parallel()
	folder, err := os.MkdirTemp("", "vunglom-test-") // as root the server's user could not pass through t.TempDir
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	start := func() *db.Server {
		s, err := db.StartServer(t.Context(), db.ServerOptions{Folder: folder})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	server := start()
	defer func() {
		if err := server.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	if err := db.Migrate(t.Context(), server.URL()); err != nil {
		t.Fatal(err)
	}
	d, err := dbtest.Open(t.Context(), server.URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	sent := changesOf(t, d, db.Following{})
	if _, err := importDir(t, d, write(t, small), db.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	if c := sent.next(t); c.Token() != "96-1" {
		t.Errorf("before: %+v", c)
	}
	if err := server.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	server = start()
	other, err := dbtest.Open(t.Context(), server.URL()) // as another program would: it does not listen
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(other.Close)
	if _, err := importDir(t, other, write(t, visitOf("W", "A")), db.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	if c := sent.next(t); c.Token() != "96-2" || !c.Complete || len(c.Units) == 0 {
		t.Errorf("after: %+v", c)
	}
}

// TestFollowProgress hears of an import that lands, of one that brings nothing new, and of one that fails; a trial says nothing.
func TestFollowProgress(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	sent := follow(t, func(ctx context.Context, send func(db.Progress) error) error {
		return l.FollowProgress(ctx, "96", send)
	})
	for len(texts(t, l.sql, "select query from pg_stat_activity where datname = current_database() and query = 'listen vunglom_progress'")) == 0 {
	}
	told := map[time.Time]bool{} // imports of which the end has been told
	ended := func() db.Progress {
		for {
			p := sent.next(t)
			if told[p.Began] {
				t.Errorf("after its end: %+v", p)
			}
			told[p.Began] = p.State != db.ImportRunning
			if p.Province != "96" || p.Began.IsZero() {
				t.Errorf("%+v", p)
			}
			if p.State != db.ImportRunning {
				return p
			}
			if p.Step == "" || p.Done > p.Total && p.Total > 0 {
				t.Errorf("%+v", p)
			}
		}
	}
	if _, err := importDir(t, l.DB, write(t, small), db.ImportOptions{DryRun: true}); err != nil {
		t.Fatal(err)
	}
	l.land(t, small, db.ImportOptions{})
	if p := ended(); p.State != db.ImportLanded || p.Snapshot != "96-1" {
		t.Errorf("the first: %+v", p)
	}
	l.land(t, small, db.ImportOptions{})
	if p := ended(); p.State != db.ImportUnchanged || p.Snapshot != "96-1" {
		t.Errorf("again: %+v", p)
	}
	if _, err := importDir(t, l.DB, write(t, edited(only(small), map[string]string{"visits.csv": "code\nX\n"})), db.ImportOptions{}); err == nil {
		t.Fatal("a table without its columns was taken")
	}
	if p := ended(); p.State != db.ImportFailed || p.Snapshot != "" {
		t.Errorf("one that fails: %+v", p)
	}
}

func TestSeenSnapshots(t *testing.T) {
	t.Parallel()
	seen, err := db.SeenSnapshots([]string{"96-12", "a-b-0"})
	if want := map[string]int64{"96": 12, "a-b": 0}; err != nil || !cmp.Equal(seen, want) {
		t.Errorf("%v, %v", seen, err)
	}
	for _, wrong := range [][]string{{""}, {"96"}, {"-1"}, {"96-"}, {"96-x"}, {"96-+1"}, {"96-01"}, {"96-1", "96-2"}, {"0a1b2c3d4e5f6071"}} {
		if _, err := db.SeenSnapshots(wrong); err == nil {
			t.Errorf("%q is taken", wrong)
		}
	}
}
