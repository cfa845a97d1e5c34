package db

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// register is a province's households of all times, as far as publishing goes.
type register struct {
	units  []registerUnit
	places []registerPlace
	totals []registerTotal // by month
	of     map[int64]placeTotal
	taken  int // of totals: those that are in of

	services []string // whose use is known; none where nobody asks for it
	uses     []registerUse
	usedIn   map[int64][]int // by place, then by service
	usesIn   int             // of uses: those that are in usedIn
}

// registerUse is how many households of a place use a service from the end of a month on, until its next.
type registerUse struct {
	Month      day // its first day
	Place      int64
	Service    int
	Households int
}

// registerUnit is a unit during a period.
type registerUnit struct {
	ID           int64
	Name         string
	Parent       int64
	Since, Until *day
}

// registerPlace is a place during a period; in no unit on other days.
type registerPlace struct {
	ID           int64
	Addresses    int
	Unit         int64
	Since, Until *day
}

// registerTotal is what is in a place from the end of a month on, until its next.
type registerTotal struct {
	Month day // its first day
	Place int64
	placeTotal
}

type placeTotal struct{ Guided, Attempted, NotVisited, Ineligible, Occupied int }

// during is a period as the database gives it: an end that is missing is open.
func during(since, until *day) period {
	p := period{beginning, forever}
	if since != nil {
		p.from = *since
	}
	if until != nil {
		p.to = *until
	}
	return p
}

// readRegister reads the roll-ups of the province, in three statements, as far as they are needed from a day on.
func (p *publishing) readRegister(ctx context.Context, since day) (*register, error) {
	r := &register{of: map[int64]placeTotal{}}
	var err error
	if r.units, err = collect(ctx, p, "publish_unit", pgx.RowToStructByName[registerUnit]); err != nil {
		return nil, err
	}
	if r.places, err = collect(ctx, p, "publish_place", pgx.RowToStructByName[registerPlace]); err != nil {
		return nil, err
	}
	args := pgx.StrictNamedArgs{"province": p.province, "since": nil}
	if since != beginning {
		args["since"] = since.time()
	}
	rows, err := p.tx.Query(ctx, importQuery("publish_total"), args)
	if err != nil {
		return nil, err
	}
	var t registerTotal // a province has a hundred thousand of these
	_, err = pgx.ForEachRow(rows, []any{&t.Month, &t.Place, &t.Guided, &t.Attempted, &t.NotVisited, &t.Ineligible, &t.Occupied}, func() error {
		r.totals = append(r.totals, t)
		return nil
	})
	return r, err
}

// readUse reads who uses which service too.
func (r *register) readUse(ctx context.Context, p *publishing, since day) error {
	rows, err := p.tx.Query(ctx, importQuery("feed_use"), pgx.StrictNamedArgs{"province": p.province, "since": since.time()})
	if err != nil {
		return err
	}
	index := map[string]int{}
	var u registerUse
	var service string
	_, err = pgx.ForEachRow(rows, []any{&u.Month, &u.Place, &service, &u.Households}, func() error {
		at, known := index[service]
		if !known {
			at = len(r.services)
			index[service], r.services = at, append(r.services, service)
		}
		u.Service = at
		r.uses = append(r.uses, u)
		return nil
	})
	r.usedIn = map[int64][]int{}
	return err
}

func collect[T any](ctx context.Context, p *publishing, name string, to pgx.RowToFunc[T]) ([]T, error) {
	rows, err := p.tx.Query(ctx, importQuery(name), p.arguments())
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, to)
}

// at counts what there is on a month end, which is not before the one asked about last.
func (r *register) at(d day) *countedDay {
	for ; r.taken < len(r.totals) && r.totals[r.taken].Month <= d; r.taken++ {
		r.of[r.totals[r.taken].Place] = r.totals[r.taken].placeTotal
	}
	for ; r.usesIn < len(r.uses) && r.uses[r.usesIn].Month <= d; r.usesIn++ {
		u := &r.uses[r.usesIn]
		if r.usedIn[u.Place] == nil {
			r.usedIn[u.Place] = make([]int, len(r.services))
		}
		r.usedIn[u.Place][u.Service] = u.Households
	}
	c := &countedDay{units: []int64{0}, names: []string{"everything"}, parents: []int{-1}, rest: [][]int{make([]int, 6)}}
	index := map[int64]int{0: 0}
	for i := range r.units {
		u := &r.units[i]
		if !during(u.Since, u.Until).holds(d) {
			continue
		}
		index[u.ID] = len(c.units)
		c.units, c.names, c.parents = append(c.units, u.ID), append(c.names, u.Name), append(c.parents, index[u.Parent])
		c.rest = append(c.rest, make([]int, 6))
	}
	if len(r.services) > 0 {
		c.codes, c.used = r.services, make([][]int, len(c.units))
		for u := range c.used {
			c.used[u] = make([]int, len(r.services))
		}
	}
	for i := 0; i < len(r.places); {
		place, unit := &r.places[i], int64(0)
		for ; i < len(r.places) && r.places[i].ID == place.ID; i++ {
			if during(r.places[i].Since, r.places[i].Until).holds(d) {
				unit = r.places[i].Unit
			}
		}
		t, rest := r.of[place.ID], c.rest[index[unit]]
		for column, n := range [6]int{t.Guided, t.Attempted, t.NotVisited, t.Ineligible, place.Addresses - t.Occupied, t.Occupied} {
			rest[column] += n
		}
		for service, n := range r.usedIn[place.ID] {
			c.used[index[unit]][service] += n
		}
	}
	return c
}
