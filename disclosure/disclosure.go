// Package disclosure makes counts of households fit for everybody: integers that add up, are near the truth, and from which
// no single household can be told.
//
// It is controlled rounding. Every count of a table is replaced by one of its two neighbouring multiples of a base (a multiple
// stays what it is), so that sums still hold: what lies in the parts of a unit, and what lies in it but in no part, makes up the
// unit; the statuses make up all households together. A count of a table is off by less than the base.
//
// # That there is always such a table
//
// The counts of a table are arcs of a network. All households of everything come in at the top and go down from unit to
// unit (one arc a unit: its households of whatever status). In what has no parts, a leaf, they part by status, and go
// up again from unit to unit, in a tree of its own for each status (one arc a unit and status), to where they came from. Nothing is lost
// on the way: the counts are a circulation. Divided by the base, they are one too, and lie between their own floors and
// ceilings, which are integers. A circulation between integer bounds that exists at all exists in integers (Hoffman's theorem; the
// matrix of a network is totally unimodular). Times the base, that is the table looked for. It is what Bacharach
// (Management Science 12, 1966) and Cox (JASA 82, 1987) have for two-way tables; here one of the ways is a tree, as in Cox and
// George (Annals of OR 20, 1989). With a tree in both ways that fails: therefore only all statuses together are rounded, no group of some.
//
// # How it is found
//
// Each count has a draw of its own, a number that a secret makes of the name of its unit and status, the same on every
// day. It prefers up where its remainder is more than the draw: over all draws a count is right on average. Preferences do not add
// up; where too much comes into a node of the network or too little, counts are turned to their other neighbour along the cheapest way to a
// node with the opposite need, until every node is even. So it is done with the sums over the statuses alone, then with all counts,
// where sums are dear to turn: a sum that does not change is not drawn into the changes of its parts.
//
// # What that hides
//
// The published table is itself a table that rounds to it, and so is it with one leaf more or less by any number under the base:
// the counts on its ways change by that number, and turn back together where their draws say so. Who does not know the secret
// can't tell these tables apart: a published r stands for r - base + 1 to r + base - 1 (but never less than 0), whatever else of that
// day is known. Draws do not depend on the day, so that many days do not average them away. See docs/published.md.
package disclosure

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// The bases that may be taken. Below 3 the neighbours of a count would tell it.
const (
	LeastBase   = 3
	DefaultBase = 5
	MostBase    = 1000
)

// CheckBase tells whether a base may be taken.
func CheckBase(base int) error {
	if base < LeastBase || base > MostBase {
		return fmt.Errorf("disclosure: the base is %d; it must be %d to %d", base, LeastBase, MostBase)
	}
	return nil
}

// Table is what is counted on one day, in units that lie in one another, by status. A household has one status and lies in
// one unit and all that this lies in.
type Table struct {
	Names    []string // of the units: the same unit has the same name in every table, and no two of one table have one
	Parents  []int    // the unit that each lies in, which comes before it; -1 of the first, which is everything
	Statuses []string // their names
	Rest     [][]int  // by unit and status: households that lie in it but in no unit that lies in it, 0 or more
}

// check tells what is wrong with a table.
func (t *Table) check() error {
	if len(t.Names) == 0 || len(t.Parents) != len(t.Names) || len(t.Rest) != len(t.Names) || len(t.Statuses) == 0 {
		return errors.New("disclosure: a table needs units, each with its parent and its counts, and statuses")
	}
	for u, parent := range t.Parents {
		if parent >= u || (u > 0) != (parent >= 0) {
			return fmt.Errorf("disclosure: unit %d lies in unit %d, which does not come before it", u, parent)
		}
		if len(t.Rest[u]) != len(t.Statuses) || slices.Min(t.Rest[u]) < 0 {
			return fmt.Errorf("disclosure: unit %d has counts %v; there must be one a status, none below 0", u, t.Rest[u])
		}
	}
	return nil
}

// Totals sums a table up: by unit and status, the households in the unit and all that lies in it.
func (t *Table) Totals() [][]int {
	totals := make([][]int, len(t.Rest))
	for u := range t.Rest {
		totals[u] = slices.Clone(t.Rest[u])
	}
	for u := len(totals) - 1; u > 0; u-- {
		for s, n := range totals[u] {
			totals[t.Parents[u]][s] += n
		}
	}
	return totals
}

// Rounder rounds tables to multiples of one base by one secret.
type Rounder struct {
	base   int
	secret []byte
	draws  map[string]uint64
}

// NewRounder returns one that rounds to multiples of a base (see CheckBase). The secret is at least 16 bytes that nobody can guess: who
// knows it knows more of the counts. Not for use by several goroutines at once.
func NewRounder(base int, secret []byte) (*Rounder, error) {
	if err := CheckBase(base); err != nil {
		return nil, err
	}
	if len(secret) < 16 {
		return nil, errors.New("disclosure: the secret has fewer than 16 bytes")
	}
	return &Rounder{base, slices.Clone(secret), map[string]uint64{}}, nil
}

// draw is the number that the secret makes of a name.
func (r *Rounder) draw(name string) uint64 {
	n, known := r.draws[name]
	if !known {
		n = binary.BigEndian.Uint64(r.Sign([]byte(name)))
		r.draws[name] = n
	}
	return n
}

// Sign returns 32 bytes that the secret makes of a text: they tell that it is the same, and nothing about it.
func (r *Rounder) Sign(text []byte) []byte {
	mac := hmac.New(sha256.New, r.secret)
	mac.Write(text)
	return mac.Sum(nil)
}

// Round returns the totals of a table, as Totals does, rounded: each is a neighbouring multiple of the base of the true one, and so
// are the sums over the statuses of each unit and, by status and over the statuses, what lies in a unit but in no part of it, which is what the parts leave. The
// same table gives the same answer.
func (r *Rounder) Round(t *Table) ([][]int, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	alone := newNetwork(r, t.sums(), nil)
	if err := alone.even(); err != nil {
		return nil, err
	}
	n := newNetwork(r, t, alone.sums())
	if err := n.even(); err != nil {
		return nil, err
	}
	return n.totals(), nil
}

// sums is the table of all statuses together.
func (t *Table) sums() *Table {
	rest := make([][]int, len(t.Rest))
	for u, counts := range t.Rest {
		rest[u] = []int{0}
		for _, n := range counts {
			rest[u][0] += n
		}
	}
	return &Table{t.Names, t.Parents, []string{"all"}, rest}
}
