package db

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"

	"github.com/jackc/pgx/v5"
)

// copyHeader begins PostgreSQL's binary COPY format: signature, flags, extension length.
var copyHeader = append([]byte("PGCOPY\n\xff\r\n\x00"), 0, 0, 0, 0, 0, 0, 0, 0)

// copyChunk is how many bytes are gathered before they are handed to the connection.
const copyChunk = 256 << 10

// postgresEpochDay is 2000-01-01, from which PostgreSQL counts days, in days since 1970-01-01.
const postgresEpochDay = 10957

// copyRows are rows encoded for COPY … (FORMAT binary). They exist beside pgx.CopyFrom because an import's rows have
// four plain types: encoded straight into one buffer they cost a fifth of boxing every cell in an interface.
type copyRows struct{ buffer []byte }

// copyWriter sends rows while they are made.
type copyWriter struct {
	copyRows
	to     *io.PipeWriter
	done   chan error
	closed bool
}

// startCopy begins `copy <target> from stdin (format binary)` on the transaction's connection. Until finish or
// abandon has returned, the connection is busy.
func startCopy(ctx context.Context, tx pgx.Tx, target string) *copyWriter {
	from, to := io.Pipe()
	w := &copyWriter{to: to, done: make(chan error, 1), copyRows: copyRows{append(make([]byte, 0, copyChunk+64<<10), copyHeader...)}}
	go func() {
		_, err := tx.Conn().PgConn().CopyFrom(ctx, from, "copy "+target+" from stdin (format binary)")
		from.CloseWithError(errOr(err, io.ErrClosedPipe))
		w.done <- err
	}()
	return w
}

func errOr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

func (w *copyRows) row(columns int) {
	w.buffer = binary.BigEndian.AppendUint16(w.buffer, uint16(columns))
}
func (w *copyRows) null() { w.buffer = append(w.buffer, 0xff, 0xff, 0xff, 0xff) }

func (w *copyRows) text(s string) {
	w.buffer = binary.BigEndian.AppendUint32(w.buffer, uint32(len(s)))
	w.buffer = append(w.buffer, s...)
}

func (w *copyRows) bytes(b []byte) {
	w.buffer = binary.BigEndian.AppendUint32(w.buffer, uint32(len(b)))
	w.buffer = append(w.buffer, b...)
}

func (w *copyRows) int2(v int16) {
	w.buffer = append(w.buffer, 0, 0, 0, 2)
	w.buffer = binary.BigEndian.AppendUint16(w.buffer, uint16(v))
}

func (w *copyRows) int4(v int32) {
	w.buffer = append(w.buffer, 0, 0, 0, 4)
	w.buffer = binary.BigEndian.AppendUint32(w.buffer, uint32(v))
}

func (w *copyRows) int8(v int64) {
	w.buffer = append(w.buffer, 0, 0, 0, 8)
	w.buffer = binary.BigEndian.AppendUint64(w.buffer, uint64(v))
}

func (w *copyRows) float8(v float64) {
	w.buffer = append(w.buffer, 0, 0, 0, 8)
	w.buffer = binary.BigEndian.AppendUint64(w.buffer, math.Float64bits(v))
}

// date takes days since 1970-01-01.
func (w *copyRows) date(day int64) { w.int4(int32(day - postgresEpochDay)) }

// day writes a date, forever as infinity.
func (w *copyRows) day(d day) {
	if d == forever {
		w.int4(math.MaxInt32)
		return
	}
	w.date(int64(d))
}

// array begins an array of so many elements, of four bytes each and none of them null, which are written next.
func (w *copyRows) array(element uint32, n int) {
	const header, each = 20, 8
	for _, v := range [...]uint32{uint32(header + each*n), 1, 0, element, uint32(n), 1} { // size; dimensions, has nulls, type; length, first index
		w.buffer = binary.BigEndian.AppendUint32(w.buffer, v)
	}
}

// optionalInt8 writes 0 as null: ids begin at 1.
func (w *copyRows) optionalInt8(v int64) {
	if v == 0 {
		w.null()
		return
	}
	w.int8(v)
}

// Flags of a range in PostgreSQL's binary form.
const (
	rangeLowerClosed   = 0x02
	rangeLowerInfinite = 0x08
	rangeUpperInfinite = 0x10
)

// period writes a half-open daterange.
func (w *copyRows) period(p period) {
	flags, size := byte(rangeLowerClosed), 1
	if p.from == beginning {
		flags = rangeLowerInfinite
	} else {
		size += 8
	}
	if p.to == forever {
		flags |= rangeUpperInfinite
	} else {
		size += 8
	}
	w.buffer = binary.BigEndian.AppendUint32(w.buffer, uint32(size))
	w.buffer = append(w.buffer, flags)
	if p.from != beginning {
		w.date(int64(p.from))
	}
	if p.to != forever {
		w.date(int64(p.to))
	}
}

// copyAll stores rows that have been gathered, and forgets them.
func (im *importing) copyAll(ctx context.Context, target string, rows *copyRows) error {
	if len(rows.buffer) == 0 {
		return nil
	}
	w := startCopy(ctx, im.tx, target)
	w.buffer = append(w.buffer, rows.buffer...)
	rows.buffer = rows.buffer[:0]
	return w.finish()
}

// flush hands what has gathered to the connection once it is worth a message.
func (w *copyWriter) flush() error {
	if len(w.buffer) < copyChunk {
		return nil
	}
	return w.write()
}

func (w *copyWriter) write() error {
	_, err := w.to.Write(w.buffer)
	w.buffer = w.buffer[:0]
	if err != nil {
		return fmt.Errorf("copy: %w", err)
	}
	return nil
}

// finish ends the COPY and returns what the server says of it.
func (w *copyWriter) finish() error {
	w.buffer = append(w.buffer, 0xff, 0xff)
	werr := w.write()
	w.to.Close()
	w.closed = true
	if err := <-w.done; err != nil {
		return err
	}
	return werr
}

// abandon ends the COPY with an error; safe after finish.
func (w *copyWriter) abandon(cause error) {
	if w.closed {
		return
	}
	w.closed = true
	w.to.CloseWithError(cause)
	<-w.done
}
