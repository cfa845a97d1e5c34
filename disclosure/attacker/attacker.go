// Package attacker is somebody who wants to know counts that were not told: from all that was told it works out the least and
// the most that each can be. Tests ask it; nothing else does.
package attacker

import (
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// Infinity is a bound that says nothing.
const Infinity = math.MaxInt32

// Knowledge is what is known of hidden counts, each an integer of 0 or more.
type Knowledge struct {
	names  []string
	byName map[string]int
	claims []claim
	of     [][]int // of each count the claims about it
}

// claim says that counts, some of them less others, sum up to something from low to high.
type claim struct {
	plus, minus []int
	low, high   int
}

// Count returns the number of a hidden count, by its name.
func (k *Knowledge) Count(name string) int {
	if k.byName == nil {
		k.byName = map[string]int{}
	}
	n, known := k.byName[name]
	if !known {
		n = len(k.names)
		k.byName[name] = n
		k.names, k.of = append(k.names, name), append(k.of, nil)
	}
	return n
}

// Counts returns how many there are.
func (k *Knowledge) Counts() int { return len(k.names) }

// Name returns the name of a count.
func (k *Knowledge) Name(count int) string { return k.names[count] }

// Learn adds that the counts of plus less those of minus are low to high; -Infinity and Infinity say nothing.
func (k *Knowledge) Learn(low, high int, plus []int, minus ...int) {
	c := len(k.claims)
	k.claims = append(k.claims, claim{plus, minus, low, high})
	for _, each := range [][]int{plus, minus} {
		for _, n := range each {
			k.of[n] = append(k.of[n], c)
		}
	}
}

// Bounds returns the least and the most that each count can be as far as one claim after the other tells, until none tells any more.
// It is quick and right: but claims together may tell more, which Exact finds. A least above a most: what is known contradicts itself.
func (k *Knowledge) Bounds() (low, high []int) {
	low, high = make([]int, len(k.names)), make([]int, len(k.names))
	for i := range high {
		high[i] = Infinity
	}
	waiting, queued := make([]int, len(k.claims)), make([]bool, len(k.claims))
	for c := range k.claims {
		waiting[c], queued[c] = c, true
	}
	for len(waiting) > 0 {
		c := waiting[0]
		waiting, queued[c] = waiting[1:], false
		for _, n := range k.claims[c].narrow(low, high) {
			if low[n] > high[n] {
				return low, high
			}
			for _, other := range k.of[n] {
				if !queued[other] {
					waiting, queued[other] = append(waiting, other), true
				}
			}
		}
	}
	return low, high
}

// narrow narrows the counts of a claim, and returns those that it did.
func (c *claim) narrow(low, high []int) (narrowed []int) {
	least, most, open := 0, 0, 0 // of the sum; open: how many have no most that counts
	for _, n := range c.plus {
		least += low[n]
		if high[n] == Infinity {
			open++
		} else {
			most += high[n]
		}
	}
	for _, n := range c.minus {
		most -= low[n]
	}
	endless := 0 // how many of minus have no most
	for _, n := range c.minus {
		if high[n] == Infinity {
			endless++
		} else {
			least -= high[n]
		}
	}
	set := func(n, l, h int) {
		if l > low[n] || h < high[n] {
			low[n], high[n] = max(low[n], l), min(high[n], h)
			narrowed = append(narrowed, n)
		}
	}
	for _, n := range c.plus {
		l, h := low[n], high[n]
		if c.high < Infinity && endless == 0 { // at most what is left when the others are least
			h = c.high - (least - low[n])
		}
		if c.low > -Infinity && (open == 0 || open == 1 && high[n] == Infinity) {
			others := most
			if high[n] < Infinity {
				others -= high[n]
			}
			l = c.low - others
		}
		set(n, l, h)
	}
	for _, n := range c.minus {
		l, h := low[n], high[n]
		if c.low > -Infinity && open == 0 {
			h = most + low[n] - c.low
		}
		if c.high < Infinity && (endless == 0 || endless == 1 && high[n] == Infinity) {
			others := least
			if high[n] < Infinity {
				others += high[n]
			}
			l = others - c.high
		}
		set(n, l, h)
	}
	return narrowed
}

// Exact returns the least and the most that a count can be by all that is known together. It asks GLPK's glpsol, an integer programme each.
func (k *Knowledge) Exact(ctx context.Context, folder string, count int) (low, high int, err error) {
	if low, err = k.solve(ctx, folder, "Minimize", count); err != nil {
		return 0, 0, err
	}
	high, err = k.solve(ctx, folder, "Maximize", count)
	return low, high, err
}

func (k *Knowledge) solve(ctx context.Context, folder, goal string, count int) (int, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n obj: x%d\nSubject To\n", goal, count)
	for i, c := range k.claims {
		var sum strings.Builder
		for _, n := range c.plus {
			fmt.Fprintf(&sum, " + x%d", n)
		}
		for _, n := range c.minus {
			fmt.Fprintf(&sum, " - x%d", n)
		}
		if c.low > -Infinity {
			fmt.Fprintf(&b, " l%d:%s >= %d\n", i, sum.String(), c.low)
		}
		if c.high < Infinity {
			fmt.Fprintf(&b, " h%d:%s <= %d\n", i, sum.String(), c.high)
		}
	}
	b.WriteString("General\n")
	for n := range k.names {
		fmt.Fprintf(&b, " x%d\n", n)
	}
	b.WriteString("End\n")
	path := filepath.Join(folder, "knowledge.lp")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		return 0, err
	}
	out, err := exec.CommandContext(ctx, "glpsol", "--lp", path, "-o", path+".out").CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("glpsol: %w: %s", err, out)
	}
	found, err := os.ReadFile(path + ".out")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(found)) {
		fields := strings.Fields(line)
		if len(fields) >= 2 && fields[0] == "Status:" && !strings.Contains(line, "OPTIMAL") {
			return 0, fmt.Errorf("glpsol: %s", strings.TrimSpace(line))
		}
		if len(fields) >= 4 && fields[0] == "Objective:" { // Objective:  obj = 3 (MINimum)
			value, err := strconv.ParseFloat(fields[3], 64)
			return int(math.Round(value)), err
		}
	}
	return 0, fmt.Errorf("glpsol answers no objective: %s", out)
}
