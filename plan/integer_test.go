package plan

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"vunglom/gis"
)

// random makes a small problem: places about 9°N 105°E, so near to one another that most candidates reach several.
func random(seed uint64) *Problem {
	r := rand.New(rand.NewPCG(seed, 7))
	side := 0.02 + r.Float64()*0.08
	place := func() [2]float64 { return [2]float64{105 + r.Float64()*side, 9 + r.Float64()*side} }
	p := &Problem{ReachMetres: 500 + r.Float64()*2500, Teams: 1 + r.IntN(7)}
	for range 1 + r.IntN(70) {
		p.Demand = append(p.Demand, Demand{place(), int32(1 + r.IntN(9))})
	}
	for range 1 + r.IntN(30) {
		p.Candidates = append(p.Candidates, place())
	}
	if r.IntN(2) == 0 { // candidates where households are, as those at addresses
		for i := range p.Candidates {
			if r.IntN(2) == 0 {
				p.Candidates[i] = p.Demand[r.IntN(len(p.Demand))].Position
			}
		}
	}
	if r.IntN(2) == 0 {
		p.Capacity = 1 + r.IntN(60)
	}
	for range r.IntN(3) {
		p.Existing = append(p.Existing, place())
	}
	return p
}

// model is a problem as an integer program, written from its places with nothing of the solver's.
type model struct {
	demand, existing int64
	households       []int32 // of those that no existing team reaches
	reached          [][]int // by which candidates
	sites, capacity  int
	candidates       int
}

func modelOf(p *Problem) *model {
	m := &model{sites: min(p.Teams, len(p.Candidates)), capacity: p.Capacity, candidates: len(p.Candidates)}
	for _, d := range p.Demand {
		m.demand += int64(d.Households)
		near := false
		for _, e := range p.Existing {
			near = near || gis.DistanceMetres(e, d.Position) <= p.ReachMetres
		}
		if near {
			m.existing += int64(d.Households)
			continue
		}
		var by []int
		for j, c := range p.Candidates {
			if gis.DistanceMetres(c, d.Position) <= p.ReachMetres {
				by = append(by, j)
			}
		}
		m.households, m.reached = append(m.households, d.Households), append(m.reached, by)
	}
	return m
}

// lp writes the model in CPLEX's format: y(i, j) households of i served by j, x(j) whether j is chosen. need 0 maximizes what
// sites serve; otherwise the fewest sites that serve it.
func (m *model) lp(need int64) string {
	var goal, rows, bounds, kinds strings.Builder
	sites := make([]string, m.candidates)
	of := make([]string, m.candidates)
	all := ""
	for j := range m.candidates {
		sites[j] = fmt.Sprintf("x%d", j)
		fmt.Fprintf(&kinds, " x%d\n", j)
	}
	for i, by := range m.reached {
		sum := ""
		for _, j := range by {
			y := fmt.Sprintf(" + y%d_%d", i, j)
			sum, all, of[j] = sum+y, all+y, of[j]+y
			fmt.Fprintf(&rows, " r%d_%d: y%d_%d - %d x%d <= 0\n", i, j, i, j, m.households[i], j)
		}
		if sum != "" {
			fmt.Fprintf(&rows, " h%d: %s <= %d\n", i, sum, m.households[i])
		}
	}
	for j, sum := range of {
		if m.capacity > 0 && sum != "" {
			fmt.Fprintf(&rows, " c%d: %s - %d x%d <= 0\n", j, sum, m.capacity, j)
		}
	}
	chosen := strings.Join(sites, " + ")
	if need > 0 {
		fmt.Fprintf(&goal, "Minimize\n t: %s\n", chosen)
		fmt.Fprintf(&rows, " n: %s >= %d\n", all, need)
	} else {
		fmt.Fprintf(&goal, "Maximize\n t: 0 x0 %s\n", all)
		fmt.Fprintf(&rows, " p: %s <= %d\n", chosen, m.sites)
	}
	return goal.String() + "Subject To\n" + rows.String() + "Bounds\n" + bounds.String() + "Binary\n" + kinds.String() + "End\n"
}

// optimum has GLPK solve a program; integer false relaxes it.
func optimum(t testing.TB, lp string, integer bool) (value float64, feasible bool) {
	t.Helper()
	folder := t.TempDir()
	in, out := filepath.Join(folder, "p.lp"), filepath.Join(folder, "p.sol")
	if err := os.WriteFile(in, []byte(lp), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"--lp", in, "-o", out}
	if !integer {
		args = append(args, "--nomip")
	}
	if text, err := exec.CommandContext(t.Context(), "glpsol", args...).CombinedOutput(); err != nil {
		t.Fatalf("glpsol (Debian's glpk-utils): %v\n%s", err, text)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	_, status, _ := bytes.Cut(text, []byte("Status:"))
	_, objective, _ := bytes.Cut(status, []byte("="))
	value, err = strconv.ParseFloat(strings.Fields(string(objective))[0], 64)
	if err != nil {
		t.Fatalf("%v\n%s", err, text[:400])
	}
	return value, strings.Contains(strings.SplitN(string(status), "\n", 2)[0], "OPTIMAL")
}

// TestSolveIsOptimal compares plans of many small problems with what GLPK's integer programming finds.
func TestSolveIsOptimal(t *testing.T) {
	t.Parallel()
	for seed := range uint64(120) {
		p := random(seed)
		m := modelOf(p)
		s, err := Solve(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		best, feasible := optimum(t, m.lp(0), true)
		want := m.existing + int64(math.Round(best))
		if !feasible || s.Covered != want || s.UpperBound != want || s.Demand != m.demand || s.CoveredByExisting != m.existing {
			t.Errorf("problem %d (%d places, %d candidates, %d sites, capacity %d): GLPK covers %d of %d, %d by existing; here %+v",
				seed, len(m.households), m.candidates, m.sites, m.capacity, want, m.demand, m.existing, s)
		}
		check(t, p, s)
		var own strings.Builder
		if err := WriteLP(t.Context(), &own, p); err != nil {
			t.Fatal(err)
		}
		if len(s.Sites) > 0 {
			if best, _ := optimum(t, own.String(), true); m.existing+int64(math.Round(best)) != want {
				t.Errorf("problem %d: the program that it writes has the optimum %g", seed, best)
			}
		}
	}
}

// check counts anew what a plan says of itself.
func check(t testing.TB, p *Problem, s *Solution) {
	t.Helper()
	so := s.CoveredByExisting
	part := *p
	part.Candidates, part.Teams = nil, len(s.Sites)
	seen := map[int]bool{}
	for i, site := range s.Sites {
		part.Candidates = append(part.Candidates, p.Candidates[site.Candidate])
		so += site.Gained
		if site.CoveredSoFar != so || site.Gained < 1 || seen[site.Candidate] || i > 0 && site.Gained > s.Sites[i-1].Gained {
			t.Errorf("site %d of %+v", i, s.Sites)
		}
		seen[site.Candidate] = true
	}
	if so != s.Covered || len(s.Sites) > p.Teams || s.UpperBound < s.Covered {
		t.Errorf("%d sites of %d, %+v", len(s.Sites), p.Teams, s)
	}
	if len(s.Sites) > 0 {
		if best, _ := optimum(t, modelOf(&part).lp(0), false); int64(math.Round(best)) != s.Covered-s.CoveredByExisting {
			t.Errorf("the sites serve %g, not %d", best, s.Covered-s.CoveredByExisting)
		}
	}
}

// TestMinimumIsOptimal compares the fewest teams for a share with what GLPK's integer programming finds.
func TestMinimumIsOptimal(t *testing.T) {
	t.Parallel()
	reached := 0
	for seed := range uint64(120) {
		p := random(1000 + seed)
		share := rand.New(rand.NewPCG(seed, 8)).Float64()
		m := modelOf(p)
		need := Enough(m.demand, share) - m.existing
		s, err := Minimum(t.Context(), p, share)
		var out *OutOfReachError
		if errors.As(err, &out) {
			if most, _ := optimum(t, m.lp(0), true); int64(math.Round(most)) >= need || out.Covered-m.existing != int64(math.Round(most)) {
				t.Errorf("problem %d: %g can be served and %d are needed: %+v", seed, most, need, out)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		reached++
		want := 0.0
		if need > 0 {
			want, _ = optimum(t, m.lp(need), true)
		}
		if len(s.Sites) != int(want) || s.Fewest != int(want) || s.Covered-m.existing < need {
			t.Errorf("problem %d: GLPK needs %g sites for %d; here %+v", seed, want, need, s)
		}
		check(t, p, s)
	}
	if reached < 30 {
		t.Errorf("only %d shares were within reach", reached)
	}
}
