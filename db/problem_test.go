package db

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vunglom/bundle"
)

// However many problems there are, and in whatever order they are found, they are told by table, file and line, and of
// one row in the order in which they were found.
func TestProblemsAreToldInOrder(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, problemsHeld, problemsHeld + 1, 3*problemsHeld + 17} {
		p := newProblems()
		var want []bundle.Problem
		for i := range n {
			found := bundle.Problem{File: fmt.Sprintf("f%d.csv", random.IntN(3)), Line: random.Int64N(int64(n)), Column: "c",
				Value: strings.Repeat("Đ", random.IntN(40)), Code: "bad_value", Message: fmt.Sprint("message ", i), Kept: random.IntN(2) == 0}
			if table := random.IntN(1 + len(bundle.Tables)); table > 0 {
				found.Table = bundle.Tables[table-1].Name
			}
			p.add(found)
			want = append(want, found)
		}
		slices.SortStableFunc(want, func(a, b bundle.Problem) int { return p.compare(&a, &b) })
		for range 2 { // once for the terminal, once for the file
			var got []bundle.Problem
			if err := p.each(func(found bundle.Problem) error { got = append(got, found); return nil }); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%d problems: %s", n, diff)
			}
		}
		first, err := p.first(5)
		if err != nil || !slices.Equal(first, want[:min(5, n)]) || p.count != int64(n) {
			t.Fatalf("the first of %d problems: %v, %v", n, first, err)
		}
	}
	stop := errors.New("stop")
	if err := (&Report{Problems: make([]bundle.Problem, 3)}).Each(func(bundle.Problem) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("the one who is told can not stop: %v", err)
	}
}
