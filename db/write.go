package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"vunglom/access"
	"vunglom/bundle"
)

// MostWritten is how many rows may be sent at once.
const MostWritten = 1000

// WriteMode says what becomes of rows of which some are rejected.
type WriteMode string

// The modes of a write.
const (
	WriteAll  WriteMode = "all"  // none lands where one is rejected
	WriteEach WriteMode = "each" // all others land
)

// Write is rows of one table of a bundle that are sent by somebody who may write them. They are read, checked, compared and merged as
// a bundle's are, by the same code, in a transaction of their own.
type Write struct {
	Entry    string // what was asked, for the audit log
	Table    string // households, visits, adoptions, teams, members, reports or addresses
	Province string // the code
	// Items are the rows, by the names that their columns have in the API: one that is absent keeps what is stored (of a new row:
	// unknown), nil makes it unknown. Days are texts, positions WGS 84.
	Items []map[string]any
	Mode  WriteMode
	Now   time.Time // the clock; zero: now

	ends bool // the items have a code and endedOn only, and are those of stored households
}

// Written is what became of a write.
type Written struct {
	Snapshot string // the province's, after it
	Rows     []RowWritten
}

// RowWritten is what became of a row.
type RowWritten struct {
	Outcome  Outcome
	Problems []WriteProblem // why it was rejected, or (Kept) what is worth knowing of it
}

// WriteProblem is something that is wrong with a row, or looks it.
type WriteProblem struct {
	Code                   string // as the report of an import has it; out_of_scope and held_back besides
	Field                  string // that it is about, in the API; empty: the row
	Value                  string // what stands there
	Kept                   bool   // the row was written all the same
	SentenceVi, SentenceEn string // what to do
}

// Outcome is what became of a row.
type Outcome string

// The outcomes of a row.
const (
	Inserted  Outcome = "inserted"
	Updated   Outcome = "updated"
	Unchanged Outcome = "unchanged" // it says what is stored
	Rejected  Outcome = "rejected"
)

// WriteRight is the right that writing a table needs.
func WriteRight(table string) access.Right {
	switch table {
	case "households", "visits", "adoptions":
		return access.Record
	}
	return access.Import
}

// Write takes rows. Writers of a province wait for one another; a row that was sent twice is unchanged the second time. Errors:
// BAD_INPUT for how many they are, NOT_FOUND where nothing is loaded of the province, FORBIDDEN, BUSY, ErrOutcomeUnknown. Rows that are
// rejected are no error.
func (d *DB) Write(ctx context.Context, w Write) (*Written, error) {
	if len(w.Items) == 0 || len(w.Items) > MostWritten {
		return nil, badInput("có %[1]d dòng; một lần gửi từ 1 đến %[2]d dòng", "there are %[1]d items; send 1 to %[2]d at once", len(w.Items), MostWritten)
	}
	s := &sending{Write: w, table: bundle.TableNamed(w.Table), caller: d.asks(ctx)}
	for _, item := range w.Items {
		s.rows = append(s.rows, rowOf(s.table, item))
	}
	if err := s.mayWrite(); err != nil {
		return nil, err
	}
	var im *importing
	var snapshot string
	err := d.inTurn(ctx, w.Province, func() (err error) {
		im = newImporting(bundle.Sent(bundle.Meta{Province: w.Province}, s.table, s.rows), ImportOptions{Strict: w.Mode == WriteAll, Now: w.Now})
		im.sent, im.yields, im.quiet = s, true, true // it is over before anybody could be told
		im.begin = func(ctx context.Context) error { return s.begin(ctx, im) }
		im.end = func(ctx context.Context) error { return s.log(ctx, im) }
		snapshot, err = d.transact(ctx, im)
		return err
	})
	if err != nil && !errors.Is(err, ErrStrict) {
		return nil, refused(err)
	}
	return s.written(im, snapshot, err == nil)
}

// EndHouseholds ends stored households: the rows of its write have a code and ended_on, and nothing else. It answers as Write does.
func (d *DB) EndHouseholds(ctx context.Context, w Write) (*Written, error) {
	w.ends = true
	return d.Write(ctx, w)
}

// sending is what is different where rows are sent by somebody, rather than a bundle brought.
type sending struct {
	Write
	table       *bundle.Table
	rows        [][][]byte // a cell for each column, as bundle.Sent takes them
	caller      access.Caller
	role, scope string // what it is done as
	within      bool   // of households in the scope alone
	landed      int64  // the rows that were new or different

	outcomes []Outcome // by row; none: unchanged, or rejected
}

// mayWrite finds the role and the scope of the caller.
func (s *sending) mayWrite() error {
	right := WriteRight(s.Table)
	everywhere, err := s.scopeOf(right)
	switch {
	case err != nil:
		return err
	case everywhere && right == access.Record:
		s.role = roleRecord
	case everywhere:
		s.role = roleRegister
	case right == access.Record:
		s.role, s.within = roleRecordWithin, true
	default:
		return s.caller.RefuseScope(right, fmt.Sprintf("%s: %s", s.Entry, s.Province))
	}
	return nil
}

// scopeOf finds where in the province the caller has a right: everywhere, or in units; nowhere is an error.
func (s *sending) scopeOf(right access.Right) (everywhere bool, err error) {
	if err := s.caller.Refuse(right, s.Entry); err != nil {
		return false, err
	}
	everywhere, units := s.caller.Scope(right)
	setting := scopeSetting{Province: s.Province}
	for _, u := range scopeUnits(units) {
		switch {
		case u.Province != "" && u.Province != s.Province:
		case u.Level != string(LevelProvince):
			setting.Units = append(setting.Units, u)
		case u.Code == s.Province:
			everywhere = true
		}
	}
	switch {
	case everywhere:
		setting.Units = nil
	case len(setting.Units) == 0:
		return false, s.caller.RefuseScope(right, fmt.Sprintf("%s: %s", s.Entry, s.Province))
	default:
		now := s.Now
		if now.IsZero() {
			now = time.Now()
		}
		setting.Day = Today(now).Format(time.DateOnly)
	}
	text, err := json.Marshal(setting)
	s.scope = string(text)
	return everywhere, err
}

// finds tells whether rows about an erased household are told that there is none, as of any that nobody knows; else they are left out.
func (s *sending) finds(t *bundle.Table) bool { return s != nil && (s.ends || t.Name != "households") }

// problemOfGone is what is wrong with a household that was erased and is sent again. Who writes of some units only is not told so: see references.
func (s *sending) problemOfGone(r *bundle.Row) bundle.Problem {
	return bundle.Problem{File: r.File, Line: r.Line, Column: "code", Value: r.Values[s.table.Index("code")].Text, Code: "gone", Message: "a household of this code was taken off the records for good; register it under another code"}
}

// begin says of the rows what the store's latest bundle said of itself, but for their positions.
func (s *sending) begin(ctx context.Context, im *importing) error {
	if err := im.sayAgain(ctx); err != nil {
		return err
	}
	im.bundle.Meta.SRID = geographic
	if s.ends {
		return s.fillEnds(ctx, im)
	}
	return nil
}

// fillEnds takes from the stored households what a row of theirs needs besides its end. One that is not stored gets what passes
// until it is looked for.
func (s *sending) fillEnds(ctx context.Context, im *importing) error {
	code, registered, ended := s.table.Index("code"), s.table.Index("registered_on"), s.table.Index("ended_on")
	codes := make([]string, len(s.rows))
	for i, row := range s.rows {
		codes[i] = string(row[code])
	}
	rows, err := im.tx.Query(ctx, importQuery("household_registered"), pgx.StrictNamedArgs{"province": s.Province, "codes": codes, "within": s.within})
	if err != nil {
		return err
	}
	since, err := pgx.CollectRows(rows, pgx.RowTo[*string])
	if err != nil {
		return err
	}
	for i, row := range s.rows {
		row[registered] = row[ended]
		if since[i] != nil {
			row[registered] = []byte(*since[i])
		}
	}
	return nil
}

// collect notes which rows are new or different, before the tables that tell are gone.
func (s *sending) collect(ctx context.Context, im *importing) error {
	if s.table == nil { // of several: nobody is told of each row
		return nil
	}
	s.outcomes = make([]Outcome, len(s.rows))
	return im.eachChange(ctx, s.table, func(line int64, isNew bool) {
		s.landed++
		s.outcomes[line-1] = Updated
		if isNew {
			s.outcomes[line-1] = Inserted
		}
	})
}

// log adds what was written of persons to the audit log, in the write's own transaction.
func (s *sending) log(ctx context.Context, im *importing) error {
	switch s.Table {
	case "teams", "reports":
		return nil
	}
	landed := int(s.landed)
	args, err := entryOf(s.caller, reading{entry: s.Entry, filter: map[string]any{"province": s.Province, "items": len(s.rows), "mode": s.Mode}}, &landed)
	if err != nil {
		return err
	}
	_, err = im.tx.Exec(ctx, auditAdd.sql, args)
	return err
}

// written tells what became of the rows. What has not landed was held back by a row that was rejected.
func (s *sending) written(im *importing, snapshot string, landed bool) (*Written, error) {
	w := &Written{Snapshot: snapshot, Rows: make([]RowWritten, len(s.rows))}
	first := int64(0) // the first that was rejected
	err := im.journal.problems.each(func(p bundle.Problem) error {
		row := &w.Rows[p.Line-1]
		row.Problems = append(row.Problems, sentProblem(s.table, p))
		if !p.Kept {
			row.Outcome = Rejected
			if first == 0 || p.Line < first {
				first = p.Line
			}
		}
		return nil
	})
	for i := range w.Rows {
		row := &w.Rows[i]
		switch {
		case row.Outcome == Rejected:
		case !landed:
			row.Outcome = Rejected
			row.Problems = append(row.Problems, WriteProblem{Code: heldBack,
				SentenceVi: fmt.Sprintf("không mục nào được ghi, vì mục %d bị loại (đếm từ 0); hãy sửa mục ấy rồi gửi lại tất cả, hoặc gửi với mode EACH", first-1),
				SentenceEn: fmt.Sprintf("nothing was written, because item %d (counted from 0) was rejected; correct that one and send all again, or send with mode EACH", first-1)})
		case s.outcomes[i] != "":
			row.Outcome = s.outcomes[i]
		default:
			row.Outcome = Unchanged
		}
	}
	return w, err
}

// heldBack is the code of a row that is not written because another one was rejected.
const heldBack = "held_back"
