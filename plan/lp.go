package plan

import (
	"bufio"
	"context"
	"fmt"
	"io"
)

// WriteLP writes a problem as a program in CPLEX's LP format, for whoever wants another solver's word on a plan. Its objective is the
// households that new sites serve; x variables are candidates, y those of a group that one of them serves. Without the "Binary"
// section, or with a solver told to ignore it, it is the linear relaxation.
func WriteLP(ctx context.Context, to io.Writer, p *Problem) error {
	g, err := locate(ctx, p)
	if err != nil {
		return err
	}
	in, w := g.in, bufio.NewWriter(to)
	fmt.Fprint(w, "Maximize\n served:")
	for i, n := range in.weight {
		if in.capacity == 0 {
			fmt.Fprintf(w, " + %d z%d\n", n, i)
			continue
		}
		for _, j := range in.byGroup.of(int32(i)) {
			fmt.Fprintf(w, " + y%d_%d\n", i, j)
		}
	}
	fmt.Fprint(w, "Subject To\n")
	for i, n := range in.weight {
		if in.capacity == 0 {
			fmt.Fprintf(w, " g%d: z%d", i, i)
			for _, j := range in.byGroup.of(int32(i)) {
				fmt.Fprintf(w, " - x%d\n", j)
			}
			fmt.Fprint(w, " <= 0\n")
			continue
		}
		fmt.Fprintf(w, " g%d:", i)
		for _, j := range in.byGroup.of(int32(i)) {
			fmt.Fprintf(w, " + y%d_%d\n", i, j)
		}
		fmt.Fprintf(w, " <= %d\n", n)
		for _, j := range in.byGroup.of(int32(i)) {
			fmt.Fprintf(w, " o%d_%d: y%d_%d - %d x%d <= 0\n", i, j, i, j, n, j)
		}
	}
	fmt.Fprint(w, " sites:")
	for j := range in.candidates() {
		fmt.Fprintf(w, " + x%d\n", j)
	}
	fmt.Fprintf(w, " <= %d\n", in.sites)
	for j := range int32(in.candidates()) {
		if reach := in.byCandidate.of(j); in.capacity > 0 && len(reach) > 0 {
			fmt.Fprintf(w, " c%d: - %d x%d\n", j, in.capacity, j)
			for _, i := range reach {
				fmt.Fprintf(w, " + y%d_%d\n", i, j)
			}
			fmt.Fprint(w, " <= 0\n")
		}
	}
	fmt.Fprint(w, "Bounds\n")
	for i := range in.weight {
		if in.capacity == 0 {
			fmt.Fprintf(w, " z%d <= 1\n", i)
		}
	}
	for j := range in.candidates() {
		fmt.Fprintf(w, " x%d <= 1\n", j)
	}
	fmt.Fprint(w, "Binary\n")
	for j := range in.candidates() {
		fmt.Fprintf(w, " x%d\n", j)
	}
	fmt.Fprint(w, "End\n")
	return w.Flush()
}
