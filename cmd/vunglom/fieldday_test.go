package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vunglom/db/dbtest"
)

// A day of field traffic, as TestADayInTheField has it.
const (
	dayTeams, dayHouseholds, dayVisits = 883, 9000, 50_000
	dayList                            = 1000 // visits a request
	dayDevices                         = 4    // that send at a time
)

// dayBefore is what was there before: one visit of a later month, so that the feed tells of all months up to that.
const dayBefore = "code,household_code,team_code,visited_on,outcome\nB,N0,T000,2024-10-05,guided\n"

// fieldDay is what teams found on a day: each list is sent as it is, some lists twice, some in another form first.
type fieldDay struct {
	lists [][]map[string]any
	whole string // all visits as a table of a bundle
}

// newFieldDay makes the visits of a day, and late ones of the two months before it, in any order.
func newFieldDay(random *rand.Rand) *fieldDay {
	d := &fieldDay{}
	var whole strings.Builder
	whole.WriteString(dayBefore)
	visits := make([]map[string]any, dayVisits)
	for i := range visits {
		on := time.Date(2024, 9, 30, 0, 0, 0, 0, time.UTC)
		if random.IntN(4) == 0 { // it comes late
			on = on.AddDate(0, 0, -1-random.IntN(60))
		}
		visits[i] = map[string]any{"code": fmt.Sprintf("F%05d", i), "householdCode": fmt.Sprintf("N%d", random.IntN(dayHouseholds)), "teamCode": fmt.Sprintf("T%03d", i%dayTeams),
			"visitedOn": on.Format(time.DateOnly), "outcome": []string{"guided", "not_home", "declined", "ineligible"}[random.IntN(4)]}
		fmt.Fprintf(&whole, "%s,%s,%s,%s,%s\n", visits[i]["code"], visits[i]["householdCode"], visits[i]["teamCode"], visits[i]["visitedOn"], visits[i]["outcome"])
	}
	random.Shuffle(len(visits), func(i, j int) { visits[i], visits[j] = visits[j], visits[i] })
	d.lists, d.whole = slices.Collect(slices.Chunk(visits, dayList)), whole.String()
	return d
}

// wrong is a list as it was sent before it was corrected.
func wrong(list []map[string]any) []map[string]any {
	var before []map[string]any
	for i, v := range list[:dayList/4] {
		v = maps.Clone(v)
		v["outcome"] = []string{"not_home", "guided"}[i%2]
		before = append(before, v)
	}
	return before
}

// dayProvince is a province in which 883 teams go about, with the visits, if any.
func dayProvince(t *testing.T, visits string) string {
	t.Helper()
	folder := province(t, 60, dayHouseholds, 0, "")
	var teams strings.Builder
	teams.WriteString("code,name,level,kind,unit_code,established_on\n")
	for i := range dayTeams {
		fmt.Fprintf(&teams, "T%03d,Tổ %d,hamlet,cnscd,H%d,2022-01-01\n", i, i, i%60)
	}
	for name, text := range map[string]string{"teams.csv": teams.String(), "visits.csv": visits} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// field is the program, wherever it serves just now, and those who send to it.
type field struct {
	db      *database
	mu      sync.RWMutex // held by who sends; whoever looks at how it stands takes it alone
	program atomic.Pointer[served]
	taken   atomic.Int64 // lists
	client  http.Client
}

// send sends a list until it was taken: whatever went wrong before that, the same again is right.
func (f *field) send(t *testing.T, list []map[string]any) {
	body, err := json.Marshal(map[string]any{"query": `mutation ($visits: [VisitInput!]!) {recordVisits(province: "96", visits: $visits) {rejected inserted updated unchanged}}`,
		"variables": map[string]any{"visits": list}})
	if err != nil {
		t.Error(err)
		return
	}
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		f.mu.RLock()
		text, err := f.post(t.Context(), string(body))
		f.mu.RUnlock()
		var a struct {
			Data struct {
				RecordVisits *struct{ Rejected, Inserted, Updated, Unchanged int }
			}
			Errors []struct{ Extensions struct{ Code string } }
		}
		if err == nil && json.Unmarshal([]byte(text), &a) == nil && a.Data.RecordVisits != nil {
			if w := a.Data.RecordVisits; w.Rejected > 0 || w.Inserted+w.Updated+w.Unchanged != len(list) {
				t.Errorf("of %d visits: %+v", len(list), w)
			}
			f.taken.Add(1)
			return
		}
		for _, e := range a.Errors {
			if e.Extensions.Code != "INTERNAL" && e.Extensions.Code != "TIMEOUT" && e.Extensions.Code != "BUSY" {
				t.Errorf("refused: %s", text)
				return
			}
		}
		if time.Now().After(deadline) {
			t.Errorf("a list was never taken: %v %s", err, text)
			return
		}
	}
}

func (f *field) post(ctx context.Context, body string) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, f.program.Load().address+"/graphql", strings.NewReader(body))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/json")
	response, err := f.client.Do(r)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	var text strings.Builder
	_, err = bufio.NewReader(response.Body).WriteTo(&text)
	return text.String(), err
}

// consumer is a system that keeps what the feed tells it, and its cursor.
type consumer struct {
	cursor string
	kept   map[string]string
}

// follow reads on to the end of the feed.
func (c *consumer) follow(t *testing.T, s *served) {
	t.Helper()
	for {
		path := "/lgsp/v1/changes?first=1000"
		if c.cursor != "" {
			path += "&after=" + url.QueryEscape(c.cursor)
		}
		a := s.ask(t.Context(), path)
		var page struct {
			Items []struct {
				Kind, Day string
				Unit      struct{ Level, Code string }
				Value     json.RawMessage
			}
			Next string
			More bool
		}
		if err := json.Unmarshal([]byte(a.body), &page); err != nil || a.status != http.StatusOK {
			t.Fatalf("%v %+v", err, a)
		}
		for _, item := range page.Items {
			key := fmt.Sprintf("%s %s %s %s", item.Kind, item.Unit.Level, item.Unit.Code, item.Day)
			if c.kept[key] = string(item.Value); c.kept[key] == "null" {
				delete(c.kept, key)
			}
		}
		if c.cursor = page.Next; !page.More {
			return
		}
	}
}

// dayUnits are the units whose totals are compared, by the words of the feed; on the ends of the months that the day's visits are of.
var dayUnits = map[string]string{"PROVINCE 96": `adminUnit(level: PROVINCE, code: "96", asOf: %q)`, "COMMUNE 32001": `adminUnit(level: COMMUNE, code: "32001", asOf: %q)`, "HAMLET H7": `adminUnit(level: HAMLET, code: "96/H7", asOf: %q)`}

// agrees compares what the consumer has with what the program answers, while nobody sends.
func (f *field) agrees(t *testing.T, c *consumer) {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.program.Load()
	c.follow(t, s)
	for unit, asks := range dayUnits {
		for _, day := range []string{"2024-08-31", "2024-09-30"} {
			a := s.ask(t.Context(), "{"+fmt.Sprintf(asks, day)+"{coverage {guided attempted notVisited ineligible unknown addresses teams members}}}")
			var told struct {
				Data struct {
					AdminUnit struct {
						Coverage struct{ Guided, Attempted, NotVisited, Ineligible, Unknown, Addresses, Teams, Members int }
					}
				}
			}
			if err := json.Unmarshal([]byte(a.body), &told); err != nil || !a.good() {
				t.Fatalf("%v %+v", err, a)
			}
			have := told.Data.AdminUnit.Coverage
			if err := json.Unmarshal([]byte(c.kept["COVERAGE "+unit+" "+day]), &told.Data.AdminUnit.Coverage); err != nil {
				t.Errorf("%s on %s: the feed tells %q: %v", unit, day, c.kept["COVERAGE "+unit+" "+day], err)
			} else if have != told.Data.AdminUnit.Coverage || have.Guided+have.Attempted+have.NotVisited+have.Ineligible == 0 || have.Teams == 0 {
				t.Errorf("%s on %s after %d lists: the feed tells %+v, the program answers %+v", unit, day, f.taken.Load(), told.Data.AdminUnit.Coverage, have)
			}
		}
	}
}

// TestADayInTheField: 50,000 visits of 883 teams, a quarter of them late, in lists of 1,000 in any order, some lists sent twice and some
// corrected, while the program and the database are killed and begun anew, end in exactly the database that one bundle gives; and a
// system that follows the feed has the program's totals at every step.
func TestADayInTheField(t *testing.T) {
	t.Parallel()
	if testing.Short() || !memoryIsMeasured {
		t.Skip("a day is long; what it does is tested in shorter tests too")
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	day := newFieldDay(random)
	f := &field{db: startDatabase(t, reachableFolder(t))}
	succeed(t, f.db.settings(), "migrate")
	succeed(t, f.db.settings(), "import", dayProvince(t, dayBefore))
	begin := func() { f.program.Store(serve(t, f.db.settings())) }
	begin()
	c := &consumer{kept: map[string]string{}}
	f.agrees(t, c)

	kinds := make([]int, len(day.lists))
	for i := range kinds {
		kinds[i] = i % 5 // one in five is sent twice, another one is corrected
	}
	random.Shuffle(len(kinds), func(i, j int) { kinds[i], kinds[j] = kinds[j], kinds[i] })
	next := make(chan int, len(day.lists))
	for i := range day.lists {
		next <- i
	}
	close(next)
	var devices sync.WaitGroup
	for range dayDevices {
		devices.Go(func() {
			for i := range next {
				if kinds[i] == 0 {
					f.send(t, wrong(day.lists[i]))
				}
				f.send(t, day.lists[i])
				if kinds[i] == 1 {
					f.send(t, day.lists[i])
				}
			}
		})
	}
	const steps = 4
	all := int64(dayVisits / dayList * 7 / 5)
	for step := range int64(steps) {
		await(t, "more lists are taken", func() bool { return t.Failed() || f.taken.Load() >= all*(step+1)/(steps+1) })
		if t.Failed() {
			break
		}
		if step%2 == 0 { // the program; its clients' connections break
			program := f.program.Load()
			if err := program.cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			<-program.ended
			begin()
		} else { // the database, under the program
			f.db.kill(t)
			if err := f.db.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
			f.db.start(t)
			f.program.Load().cmd.Process.Kill() //nolint:errcheck // its address is another one now
			<-f.program.Load().ended
			begin()
		}
		f.agrees(t, c)
	}
	devices.Wait()
	f.agrees(t, c)
	fresh := &consumer{kept: map[string]string{}}
	fresh.follow(t, f.program.Load())
	if diff := cmp.Diff(fresh.kept, c.kept); diff != "" || len(fresh.kept) < 100 {
		t.Errorf("who begins anew has −, who followed +: %.2000s", diff)
	}
	succeed(t, f.db.settings(), "verify")

	whole := dbtest.URL(t)
	succeed(t, []string{"DATABASE_URL=" + whole}, "import", dayProvince(t, day.whole))
	if n := number(t, f.db.URL(), "select count(*) from visit"); n != dayVisits+1 {
		t.Errorf("%d visits of %d", n, dayVisits+1)
	}
	if diff := cmp.Diff(dayDigest(t, whole), dayDigest(t, f.db.URL())); diff != "" {
		t.Errorf("the bundle's database −, the field's +:\n%s", diff)
	}
}

// dayDigest is digestBut without what tells of the way there: of which counts the feed told, and in which order.
func dayDigest(t *testing.T, url string) []string {
	t.Helper()
	var kept []string
	for line := range strings.Lines(digestBut(t, url)) {
		switch name, _, _ := strings.Cut(line, " "); name {
		case "change", "change_day", "snapshot_unit":
		default:
			kept = append(kept, line)
		}
	}
	sum := dbtest.SQL(t, url).QueryRowContext(t.Context(), `select md5(string_agg(row(kind, level, code, valid_from, day, measure, source, within, value)::text, chr(10)
		order by row(kind, level, code, valid_from, day, measure, source)::text collate "C")) from change where value is not null`)
	var told string
	if err := sum.Scan(&told); err != nil {
		t.Fatal(err)
	}
	return append(kept, "what the feed tells "+told)
}
