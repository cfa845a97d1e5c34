package disclosure

import (
	"errors"
	"strconv"
)

// network is a table as a circulation: an arc for each count that is published or follows from what is.
type network struct {
	base     int
	parents  []int  // of each cell: of the table's units, then of the rests of those that have parts too
	leaf     []bool // of each cell: it has no parts
	statuses int
	units    int // cells that are units

	arcs  []arc
	at    [][]int32 // of each node: the arcs that end (a) or begin (^a) there and can be turned
	need  []int     // of each node: arcs turned up that come in, less those that go out, less what would be even
	reach []int     // of each node, while a way is looked for: what the way to it costs; 0: not known
	from  []int32   // of each node so reached: the arc, as in at
}

// arc is a count: up tells whether it is rounded up, if it is no multiple.
type arc struct {
	tail, head int32
	count      int
	up         bool
	wished     bool // up, as its draw has it
	cost       int  // of turning it from what is wished
}

// A node is one of: 0, where all begins and ends; for each cell c that is a leaf, the one where its households part by status; for each other
// one, the one down which all of it goes, and one for each status by which it comes up.
// Sums tell which cells' sums over the statuses are wished up; nil: their draws do.
func newNetwork(r *Rounder, t *Table, sums []bool) *network {
	n := &network{base: r.base, statuses: len(t.Statuses), units: len(t.Names)}
	n.parents = append(n.parents, t.Parents...)
	n.leaf = make([]bool, n.units)
	totals := t.Totals()
	names := append([]string(nil), t.Names...)
	for u := range n.leaf {
		n.leaf[u] = true
	}
	for _, p := range t.Parents[1:] {
		n.leaf[p] = false
	}
	for u := range n.units {
		if !n.leaf[u] { // a cell of its own for what lies in no part, be it nothing
			n.parents = append(n.parents, u)
			n.leaf = append(n.leaf, true)
			totals = append(totals, t.Rest[u])
			names = append(names, t.Names[u]+"\x00rest")
		}
	}
	first, nodes := make([]int32, len(n.parents)), int32(1)
	for c, leaf := range n.leaf {
		first[c] = nodes
		nodes++
		if !leaf {
			nodes += int32(n.statuses)
		}
	}
	n.at, n.need, n.reach, n.from = make([][]int32, nodes), make([]int, nodes), make([]int, nodes), make([]int32, nodes)
	for c, parent := range n.parents {
		down, sum := int32(0), 0
		if parent >= 0 {
			down = first[parent]
		}
		for _, count := range totals[c] {
			sum += count
		}
		all := n.add(r, names[c], "\x00all", down, first[c], sum)
		if sums != nil && sum%n.base > 0 {
			all.up, all.wished, all.cost = sums[c], sums[c], all.cost+firm
		}
		for s, count := range totals[c] {
			tail, head := first[c], int32(0)
			if !n.leaf[c] {
				tail += 1 + int32(s)
			}
			if parent >= 0 {
				head = first[parent] + 1 + int32(s)
			}
			n.add(r, names[c], "\x00"+t.Statuses[s], tail, head, count)
		}
	}
	for v := range n.need { // so far the remainders, whose sum the multiples lack
		n.need[v] /= -n.base
	}
	for i := range n.arcs {
		if a := &n.arcs[i]; a.up {
			n.need[a.head]++
			n.need[a.tail]--
		}
	}
	return n
}

const (
	spread = 4  // by how much the costs of turning arcs differ, so that it is not always the first that is turned
	firm   = 16 // what it costs more to turn a sum that was rounded before
)

// add adds an arc, rounded as is wished for it.
func (n *network) add(r *Rounder, name, of string, tail, head int32, count int) *arc {
	a := arc{tail: tail, head: head, count: count}
	if remainder := count % n.base; remainder > 0 {
		draw := r.draw(name + of + "\x00" + strconv.Itoa(n.base))
		a.wished = uint64(remainder) > draw>>8%uint64(n.base)
		a.up, a.cost = a.wished, spread+int(draw%spread)
		n.need[head] += remainder
		n.need[tail] -= remainder
		id := int32(len(n.arcs))
		n.at[head] = append(n.at[head], id)
		n.at[tail] = append(n.at[tail], ^id)
	}
	n.arcs = append(n.arcs, a)
	return &n.arcs[len(n.arcs)-1]
}

// even turns arcs until at every node as much goes out as comes in. Each round evens a node that has too much by one, and the
// nearest that lacks something.
func (n *network) even() error {
	for v := range n.need {
		for n.need[v] > 0 {
			end := n.way(int32(v))
			if end < 0 {
				return errors.New("disclosure: the table has no rounding that adds up") // what the package's first comment rules out
			}
			n.need[v]--
			n.need[end]++
			for end != int32(v) {
				end = n.turn(n.from[end])
			}
		}
	}
	return nil
}

// turn turns an arc, as seen from the node that it leads to, and returns the other.
func (n *network) turn(seen int32) int32 {
	if seen >= 0 { // it goes there: one more
		n.arcs[seen].up = true
		return n.arcs[seen].tail
	}
	n.arcs[^seen].up = false // it comes from there: one less
	return n.arcs[^seen].head
}

// way finds the cheapest way from a node with too much to one that lacks something, and returns that; -1: none. To turn an arc
// back to what is wished costs as good as nothing. Costs are small integers: a queue a cost does.
func (n *network) way(start int32) int32 {
	const most = 2*spread + firm
	var queues [most + 1][]int32
	var reached []int32
	defer func() {
		for _, v := range reached {
			n.reach[v] = 0
		}
	}()
	n.reach[start], queues[0] = 1, append(queues[0], start)
	reached = append(reached, start)
	for cost, waiting := 1, 1; waiting > 0; cost++ {
		queue := &queues[(cost-1)%len(queues)]
		for i := 0; i < len(*queue); i++ {
			waiting--
			v := (*queue)[i]
			if n.reach[v] != cost {
				continue // a cheaper way was found meanwhile
			}
			if n.need[v] < 0 {
				return v
			}
			for _, seen := range n.at[v] {
				id, other := seen, int32(0)
				if seen >= 0 { // comes in: can be taken back
					if other = n.arcs[id].tail; !n.arcs[id].up {
						continue
					}
				} else if id = ^seen; n.arcs[id].up { // goes out, and has done so
					continue
				} else {
					other = n.arcs[id].head
				}
				a := &n.arcs[id]
				next := cost + 1
				if a.up == a.wished {
					next = cost + a.cost
				}
				if n.reach[other] == 0 {
					reached = append(reached, other)
				} else if n.reach[other] <= next {
					continue
				}
				n.reach[other], n.from[other] = next, ^seen
				waiting++
				queues[(next-1)%len(queues)] = append(queues[(next-1)%len(queues)], other)
			}
		}
		*queue = (*queue)[:0]
	}
	return -1
}

// sums tell which cells' sums over the statuses are rounded up.
func (n *network) sums() []bool {
	up := make([]bool, len(n.parents))
	for c := range up {
		up[c] = n.arcs[c*(1+n.statuses)].up
	}
	return up
}

// totals are the rounded counts of the units by status.
func (n *network) totals() [][]int {
	rounded := make([][]int, n.units)
	for u := range rounded {
		rounded[u] = make([]int, n.statuses)
		for s := range rounded[u] {
			a := &n.arcs[u*(1+n.statuses)+1+s]
			rounded[u][s] = a.count - a.count%n.base
			if a.up {
				rounded[u][s] += n.base
			}
		}
	}
	return rounded
}
