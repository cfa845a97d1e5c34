package db

import (
	"context"
	"encoding/binary"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// fact is a row of one of the counts' statements: what it is about by place, and from when until when it counts.
type fact struct {
	place int64
	again bool // about the same household as the row before it
	period
	visitedOn day    // of a visit; none: forever
	what      string // the visit's outcome, or the service taken up

	// Of a household and a visit:
	lives     bool // the household counts in the place
	stands    bool // the household's address lies in the place
	againAt   bool // and is that of the row before it
	household bool // and of kind household
	cell      cell // and in this cell
}

// factsAtOnce is how many rows of a cursor are asked for at once.
const factsAtOnce = 20_000

// facts reads the facts of all places, by place, through a cursor: between two readings the connection is free to
// store what was counted, so that no more than factsAtOnce facts of each of the two statements are ever held.
type facts struct {
	im    *importing
	name  string
	rows  []fact
	next  int
	ended bool
	key   []byte            // the household of the last row read
	at    []byte            // and its address
	whats map[string]string // each outcome and service once
}

// openFacts opens the cursor of a statement of query/import that answers place, household, from, until, day and what, and of
// households and visits also whether the household counts there, its address there, whether that is of kind household, and its cell.
func (im *importing) openFacts(ctx context.Context, name string, everything bool) (*facts, error) {
	sql := importQuery(name)
	if everything {
		sql = withoutLines(sql, onlyTouched)
	}
	if _, err := im.exec(ctx, "declare "+name+" no scroll cursor for\n"+sql); err != nil {
		return nil, err
	}
	return &facts{im: im, name: name, whats: map[string]string{}}, nil
}

// head is the next fact, nil after the last.
func (f *facts) head(ctx context.Context) (*fact, error) {
	if f.next == len(f.rows) && !f.ended {
		if err := f.read(ctx); err != nil {
			return nil, err
		}
	}
	if f.next == len(f.rows) {
		return nil, nil
	}
	return &f.rows[f.next], nil
}

// of hands the facts of a place to take, in order.
func (f *facts) of(ctx context.Context, place int64, take func(*fact)) error {
	for {
		head, err := f.head(ctx)
		if err != nil || head == nil || head.place != place {
			return err
		}
		take(head)
		f.next++
	}
}

// read reads the next rows. They come in PostgreSQL's binary form, and are taken as they are: a million rows scanned
// into pointers cost a second more.
func (f *facts) read(ctx context.Context) error {
	rows, err := f.im.tx.Query(ctx, fmt.Sprintf("fetch forward %d from %s", factsAtOnce, f.name), pgx.QueryResultFormats{pgx.BinaryFormatCode})
	if err != nil {
		return err
	}
	defer rows.Close()
	var place int64
	if n := len(f.rows); n > 0 {
		place = f.rows[n-1].place
	}
	f.rows, f.next = f.rows[:0], 0
	for rows.Next() {
		v := rows.RawValues()
		row := fact{place: int64(binary.BigEndian.Uint64(v[0])), period: period{dayOf(v[2]), dayOf(v[3])}, visitedOn: dayOf(v[4])}
		row.again = row.place == place && string(v[1]) == string(f.key)
		if v[5] != nil {
			what, known := f.whats[string(v[5])]
			if !known {
				what = string(v[5])
				f.whats[what] = what
			}
			row.what = what
		}
		if len(v) > 6 {
			row.readAddress(v[6:])
			row.againAt = row.stands && row.place == place && string(v[7]) == string(f.at)
			f.at = append(f.at[:0], v[7]...)
		}
		f.rows = append(f.rows, row)
		place, f.key = row.place, append(f.key[:0], v[1]...)
	}
	f.ended = len(f.rows) < factsAtOnce
	return rows.Err()
}

// readAddress takes whether a household counts in the place, its address, whether that is of kind household, and the cell.
func (f *fact) readAddress(v [][]byte) {
	f.lives, f.stands = v[0][0] == 1, v[1] != nil
	if f.stands {
		f.household = v[2][0] == 1
		f.cell = cell{int32(binary.BigEndian.Uint32(v[3])), int32(binary.BigEndian.Uint32(v[4]))}
	}
}

// close ends the cursor.
func (f *facts) close(ctx context.Context) error {
	_, err := f.im.tx.Exec(ctx, "close "+f.name)
	return err
}

// dayOf reads a date of PostgreSQL's binary form; null and infinity are forever.
func dayOf(date []byte) day {
	if date == nil {
		return forever
	}
	d := day(binary.BigEndian.Uint32(date))
	if d == forever {
		return forever
	}
	return d + postgresEpochDay
}
