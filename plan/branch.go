package plan

// branchWork is how many pairs branch and bound may look at before it gives up and answers with the bound that it has reached.
const (
	branchWork  = 60_000_000
	branchSteps = 40 // of the relaxation in each node
)

// branch ends the search: it takes candidates in and out by turns wherever the bound leaves hope for more, until none is left
// or enough has been looked at. The bound is then the most that any part not looked at could serve.
func (s *search) branch(r *relaxation) {
	if s.done() || s.ctx.Err() != nil {
		return
	}
	s.restore(r)
	limit := s.work + branchWork
	s.upper = max(s.best.served, s.node(r, limit))
}

// goal is what a part must be able to serve more than to be worth a look.
func (s *search) goal() int64 { return max(s.best.served, s.need-1) }

// node returns a bound on what the choices that its fixed candidates leave can serve.
func (s *search) node(r *relaxation, limit int64) int64 {
	var undo []int32 // candidates fixed here
	defer func() {
		for _, j := range undo {
			r.fixed[j] = free
		}
	}()
	if done, served := s.settled(r); done {
		return served
	}
	upper, next := s.tighten(r, &undo)
	if upper <= s.goal() || s.work > limit || s.ctx.Err() != nil {
		return upper
	}
	if done, served := s.settled(r); done {
		return min(upper, served)
	}
	undo = append(undo, next)
	r.fixed[next] = fixedIn
	with := s.node(r, limit)
	r.fixed[next] = fixedOut
	if s.need > 0 && s.best.served >= s.need {
		return upper
	}
	without := s.node(r, limit)
	return min(upper, max(with, without))
}

// settled tells whether nothing is left to choose, and what is served then.
func (s *search) settled(r *relaxation) (bool, int64) {
	var in, open []int32
	for j, f := range r.fixed {
		switch f {
		case fixedIn:
			in = append(in, int32(j))
		case free:
			open = append(open, int32(j))
		}
	}
	switch {
	case len(in) > s.in.sites: // more must be taken than may be: nothing here serves more than the goal
		return true, s.goal()
	case len(in) < s.in.sites && len(in)+len(open) > s.in.sites:
		return false, 0
	case len(in) < s.in.sites:
		in = append(in, open...)
	}
	served := s.in.served(in)
	if served > s.best.served {
		s.best.take(in, served)
	}
	return true, served
}

// tighten lowers the bound of a node and fixes what it can: a candidate that would cost more to take in, or to leave out, than
// the bound has to spare. It returns the bound and the free candidate to branch on, -1 without any.
func (s *search) tighten(r *relaxation, undo *[]int32) (upper int64, next int32) {
	upper, next = s.in.households(), -1
	length, stale, least := 0.6, 0, int64(-1)
	for range branchSteps {
		bound := r.solve()
		upper = min(upper, bound/whole)
		if s.in.capacity == 0 {
			s.tryBest(r)
		}
		if upper <= s.goal() || s.ctx.Err() != nil {
			return upper, next
		}
		if len(r.heap) > 0 && r.spare >= 0 && s.fix(r, bound, undo) {
			if done, _ := s.settled(r); done {
				return upper, -1
			}
		}
		if least < 0 || bound < least {
			least, stale = bound, 0
		} else if stale++; stale > 4 {
			length, stale = length*0.6, 0
		}
		if !r.step(length * float64(bound-s.goal()*whole)) {
			break
		}
	}
	r.solve()
	if s.in.capacity > 0 {
		s.tryBest(r)
	}
	for _, j := range r.best {
		if r.fixed[j] == free && (next < 0 || r.earns[j] > r.earns[next]) {
			next = j
		}
	}
	return upper, next
}

// fix takes in or out what no choice that serves more than the goal can do without, or with.
func (s *search) fix(r *relaxation, bound int64, undo *[]int32) (fixed bool) {
	best := make(map[int32]bool, len(r.heap))
	for _, j := range r.heap {
		best[j] = true
	}
	for j, f := range r.fixed {
		to := int8(free)
		switch earns := r.earns[j]; {
		case f != free:
		case !best[int32(j)] && (bound-r.least+earns)/whole <= s.goal():
			to = fixedOut
		case best[int32(j)] && (bound-earns+r.spare)/whole <= s.goal():
			to = fixedIn
		}
		if to != free {
			r.fixed[j], fixed = to, true
			*undo = append(*undo, int32(j))
		}
	}
	return fixed
}
