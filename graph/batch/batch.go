// Package batch keeps a list of things from being asked about one by one. Things that were
// read by one statement stay together as a Set; what a query asks of one of them, it asks of
// all of them (they have the same fields in the query), so the first to be asked has the
// answer read for the whole set, and the others wait for it.
//
// No timers: the number of statements depends on the query alone, never on how goroutines
// happen to run, and nobody waits for a window to close.
package batch

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// Set is things that were read together, each by what it is asked by. The zero Set is empty.
type Set struct {
	members any // *[]M

	mu      sync.Mutex
	answers map[any]*answer
}

type answer struct {
	done  chan struct{}
	value any
	err   error
}

// Add puts a member into a set. Members are of one type, and all are added before the set is
// first asked.
func Add[M any](set *Set, member M) {
	if set.members == nil {
		set.members = new([]M)
	}
	members := set.members.(*[]M)
	*members = append(*members, member)
}

// Ask answers a question about a whole set, and has it read only once. The question is what
// tells it from others: a comparable value that holds all that the answer depends on besides
// the members.
func Ask[M, A any](ctx context.Context, set *Set, question any, read func(ctx context.Context, members []M) (A, error)) (A, error) {
	var none A
	set.mu.Lock()
	known, asked := set.answers[question]
	if !asked {
		known = &answer{done: make(chan struct{}), err: errAbandoned}
		set.put(question, known)
	}
	set.mu.Unlock()
	if !asked {
		defer close(known.done) // also when read panics: the others must not wait for ever
		value, err := read(ctx, *set.members.(*[]M))
		known.value, known.err = value, err
		return value, err
	}
	select {
	case <-known.done:
	case <-ctx.Done():
		return none, ctx.Err()
	}
	if known.err != nil {
		return none, known.err
	}
	value, ok := known.value.(A)
	if !ok {
		return none, fmt.Errorf("batch: the answer to %T is a %T, not a %T", question, known.value, none)
	}
	return value, nil
}

// Tell puts an answer that was read along with the members, so that nobody has to ask.
func Tell[A any](set *Set, question any, value A) {
	known := &answer{done: make(chan struct{}), value: value}
	close(known.done)
	set.mu.Lock()
	defer set.mu.Unlock()
	set.put(question, known)
}

func (s *Set) put(question any, a *answer) {
	if s.answers == nil {
		s.answers = map[any]*answer{}
	}
	s.answers[question] = a
}

var errAbandoned = errors.New("batch: the one who asked came back without an answer")
