package bench

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"vunglom/db"
	"vunglom/db/dbtest"
	"vunglom/plan"
)

// What a plan of the whole province may take, and how far from the best it may be.
const (
	limitPlanSeconds = 15
	limitPlanGap     = 0.01
)

// benchPlan measures plans of 50 teams that reach 3 km, for both demands and all candidates, with and without the teams there are.
func benchPlan(b *testing.B, p *province) {
	p.asked(b)
	d, err := dbtest.Open(b.Context(), p.url)
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	on, err := time.Parse(time.DateOnly, day)
	must(b, err)
	for _, kept := range []bool{false, true} {
		for _, demand := range []db.PlanDemand{db.DemandGapHouseholds, db.DemandAllHouseholds} {
			for _, candidates := range []db.PlanCandidates{db.CandidatesHamlets, db.CandidatesServicePoints, db.CandidatesAddresses} {
				q := db.DefaultPlanQuery(50, on)
				q.KeepExisting, q.Demand, q.Candidates = kept, demand, candidates
				measurePlan(b, d, q)
			}
		}
	}
}

func measurePlan(b *testing.B, d *db.DB, q db.PlanQuery) {
	b.Helper()
	debug.FreeOSMemory()
	began := time.Now()
	problem, err := d.PlanProblem(b.Context(), q)
	must(b, err)
	read := time.Since(began)
	watching, stop := context.WithCancel(b.Context())
	peak := make(chan float64)
	go func() { peak <- watchHeap(watching) }()
	s, err := plan.Solve(b.Context(), problem)
	took := time.Since(began)
	stop()
	MB := <-peak
	must(b, err)
	name := fmt.Sprintf("%s, %s", strings.ToLower(string(q.Demand)), strings.ToLower(string(q.Candidates)))
	if q.KeepExisting {
		name += ", beside the teams there are"
	}
	relaxed := "not asked"
	if s.Gap() > limitPlanGap {
		relaxed = linearBound(b, problem, s.CoveredByExisting)
	}
	row("Plans of 50 teams that reach 3 km, the whole province",
		[]string{"demand, candidates", "candidates", "reading", "in all (≤ 15 s)", "heap", "covered", "bound", "gap, % (≤ 1)", "GLPK's linear bound"},
		name, fmt.Sprint(len(problem.Candidates)), seconds(read), within(took.Seconds() <= limitPlanSeconds, seconds(took)), fmt.Sprintf("%.0f MB", MB),
		fmt.Sprint(s.Covered), fmt.Sprint(s.UpperBound), within(s.Gap() <= limitPlanGap, fmt.Sprintf("%.2f", 100*s.Gap())), relaxed)
}

// watchHeap returns the most memory, in MB, that the heap took until the context ended.
func watchHeap(ctx context.Context) float64 {
	var most uint64
	var m runtime.MemStats
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		runtime.ReadMemStats(&m)
		most = max(most, m.HeapAlloc)
		select {
		case <-ctx.Done():
			return float64(most) / (1 << 20)
		case <-tick.C:
		}
	}
}

// linearBound is the optimum of the linear relaxation, as GLPK finds it, if it does in five minutes.
func linearBound(b *testing.B, p *plan.Problem, existing int64) string {
	b.Helper()
	folder := b.TempDir()
	in, out := filepath.Join(folder, "p.lp"), filepath.Join(folder, "p.sol")
	file, err := os.Create(in)
	must(b, err)
	must(b, plan.WriteLP(b.Context(), file, p))
	must(b, file.Close())
	ctx, cancel := context.WithTimeout(b.Context(), 5*time.Minute)
	defer cancel()
	said, err := exec.CommandContext(ctx, "glpsol", "--lp", in, "--nomip", "-o", out).CombinedOutput()
	if ctx.Err() != nil {
		return "GLPK has none in 5 minutes"
	}
	if err != nil {
		b.Fatalf("glpsol (Debian's glpk-utils): %v\n%s", err, said)
	}
	text, err := os.ReadFile(out)
	must(b, err)
	_, objective, _ := strings.Cut(string(text), "Objective:")
	_, objective, _ = strings.Cut(objective, "=")
	bound, err := strconv.ParseFloat(strings.Fields(objective)[0], 64)
	must(b, err)
	return fmt.Sprint(existing + int64(bound))
}
