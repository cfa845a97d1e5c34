package db

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// MostWriters is how many may stand in line to change a province, who is doing so included.
const MostWriters = 64

const (
	takeAgain = 100 * time.Millisecond // a province that is taken is tried again after
	leastTurn = 2 * time.Second        // who has less time left does not try again
	busyAfter = 5 * time.Second        // who finds it busy is asked to come again after
)

var (
	errTaken = errors.New("an import or a publication of the province is under way")
	errFull  = errors.New("too many wait")
)

// inTurn does what changes a province when it is the caller's turn among those of this program who do so. What finds the province taken by
// an import (errTaken) is done again until it is not. So nobody waits with a connection of the pool in hand, which everybody's questions need: an import may
// take minutes. Errors: BUSY where too many stand in line, or the context's time is up before it was the turn; and those of what is done.
func (d *DB) inTurn(ctx context.Context, province string, do func() error) error {
	next, err := d.writes.wait(ctx, province)
	if err == nil {
		defer next()
	}
	for err == nil {
		if err = do(); !errors.Is(err, errTaken) {
			return err
		}
		if until, limited := ctx.Deadline(); limited && time.Until(until) < leastTurn {
			return busy(province)
		}
		err = pause(ctx, takeAgain)
	}
	if errors.Is(err, errFull) || errors.Is(err, context.DeadlineExceeded) {
		return busy(province)
	}
	return err
}

// takeProvince is lockProvince for whoever does not wait: it answers errTaken.
func takeProvince(ctx context.Context, tx pgx.Tx, province string) error {
	var taken bool
	err := tx.QueryRow(ctx, importQuery("province_take"), pgx.StrictNamedArgs{"province": province}).Scan(&taken)
	if err == nil && !taken {
		err = errTaken
	}
	return err
}

// lines let one at a time go on of those who name the same thing; who names another does not wait for them.
type lines struct {
	mutex sync.Mutex
	named map[string]*line
}

// line is one of them, kept while anybody stands in it.
type line struct {
	turn  chan struct{} // holds one while somebody goes on
	stand int           // how many stand in it, whose turn it is among them; MostWriters at most
}

// wait returns when it is the caller's turn, who says when the next one's is; or when the context ends, with its error; or at once, with
// errFull.
func (l *lines) wait(ctx context.Context, name string) (next func(), err error) {
	l.mutex.Lock()
	mine := l.named[name]
	if mine == nil {
		mine = &line{turn: make(chan struct{}, 1)}
		l.named[name] = mine
	}
	if mine.stand == MostWriters {
		l.mutex.Unlock()
		return nil, errFull
	}
	mine.stand++
	l.mutex.Unlock()
	leave := func() {
		l.mutex.Lock()
		defer l.mutex.Unlock()
		if mine.stand--; mine.stand == 0 {
			delete(l.named, name)
		}
	}
	select {
	case mine.turn <- struct{}{}:
		return func() { <-mine.turn; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
}
