package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"vunglom/access"
)

var (
	auditAdd   = query("audit_add")
	auditPage  = query("audit_page")
	auditCount = query("audit_count")
)

// AuditEntry is who read rows of persons, or did something to them.
type AuditEntry struct {
	ID      int64
	At      time.Time
	Issuer  string // "local": on the program's own machine
	Subject string
	System  bool // no person: another agency's system
	Purpose string
	Entry   string // what was asked: a field, a route, a command
	Filter  string // for which rows, JSON
	Rows    *int   // how many were answered; nil: a list begins, and an entry with their number follows
}

// AuditEntries are all that an entry can be of: what reads rows of persons, and what is done to them.
var AuditEntries = []string{
	"address", "addresses", "addresses.totalCount", "address.status", "address.units", "challenges", "dataQuality.cases", "gapAreas", "planTeams", "importJob.problems",
	"tiles/addresses", "tiles/gap_areas", gapAreaFile, planFile, "export/addresses", "export/quality", "export",
	"retain", "retain.challenges", "retain.imports", "erase", "erase.lift", "publish.base",
	"recordVisits", "registerHouseholds", "endHouseholds", "recordAdoptions", "upsertMembers", "upsertAddresses", "openChallenge", "resolveChallenge", "importBundle", "cancelImport",
}

// reading is an access to rows of persons as the log has it: what was asked, and for which rows.
type reading struct {
	entry  string
	filter map[string]any
}

// errUnlogged is a mistake of ours: a statement that answers rows of persons runs within readPersons or streamPersons alone.
var errUnlogged = errors.New("db: rows of persons were asked for without an entry in the audit log")

// readPersons asks for rows of persons that are read whole, and logs how many they were, in one transaction: nobody is answered
// before it has ended well.
func (d *DB) readPersons(ctx context.Context, r reading, read func(held *DB) (rows int, err error)) error {
	if err := d.asks(ctx).RefuseUnsaid(); err != nil {
		return err
	}
	if d.held != nil {
		held := *d
		held.logged = true
		rows, err := read(&held)
		if err != nil {
			return err
		}
		return held.log(ctx, r, &rows)
	}
	err := d.inTransaction(ctx, func(held *DB) (*pgx.Batch, error) {
		held.logged = true
		rows, err := read(held)
		if err != nil {
			return nil, err
		}
		return held.entry(ctx, r, &rows)
	})
	return refused(err)
}

// Listing is a list of rows of persons that is passed on as it is read.
type Listing struct{ reading reading }

// listed is a Listing that is being read.
type listed struct {
	Listing
	rows int // that have been
}

// HoldListing is Hold for who passes a list on within it. That the list is read is in the audit log before, for good, so that what
// breaks off half-way is known of too; how many rows it had is entered at the end of the transaction that reads them. One
// transaction comes after the other: two at once would have to wait for each other where the pool has no second connection.
// Without a list it is Hold.
func (d *DB) HoldListing(ctx context.Context, list *Listing, ask func(held *DB) error) error {
	switch {
	case list == nil:
		return d.Hold(ctx, ask)
	case d.held != nil:
		return errUnlogged // what is held may come to nothing, the entry with it
	}
	if err := d.asks(ctx).RefuseUnsaid(); err != nil {
		return err
	}
	begins := *d
	begins.logged = true
	if err := begins.log(ctx, list.reading, nil); err != nil {
		return err
	}
	return d.Hold(ctx, func(held *DB) error {
		held.listed = &listed{Listing: *list}
		if err := ask(held); err != nil {
			return err
		}
		ends := *held
		ends.logged = true
		return ends.log(ctx, list.reading, &held.listed.rows)
	})
}

// streamPersons asks for the rows of a list that are passed on as they are read: within HoldListing of that list, or all by itself.
func (d *DB) streamPersons(ctx context.Context, r reading, read func(held *DB) (rows int, err error)) error {
	if d.held == nil {
		return d.HoldListing(ctx, &Listing{r}, func(held *DB) error { return held.streamPersons(ctx, r, read) })
	}
	if d.listed == nil || !reflect.DeepEqual(d.listed.reading, r) {
		return errUnlogged
	}
	logged := *d
	logged.logged = true
	rows, err := read(&logged)
	d.listed.rows += rows
	return err
}

// log adds an entry to the audit log; rows nil: not known yet.
func (d *DB) log(ctx context.Context, r reading, rows *int) error {
	batch, err := d.entry(ctx, r, rows)
	if err != nil {
		return err
	}
	if err := d.to().SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("audit: %w", refused(err))
	}
	return nil
}

// entry is the message that adds an entry to the audit log.
func (d *DB) entry(ctx context.Context, r reading, rows *int) (*pgx.Batch, error) {
	args, err := entryOf(d.asks(ctx), r, rows)
	if err != nil {
		return nil, err
	}
	role, scope, err := d.roleOf(ctx, auditAdd.needs, args)
	if err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	return auditAdd.as(role, scope, args), nil
}

// entryOf is an entry as the statement takes it.
func entryOf(caller access.Caller, r reading, rows *int) (pgx.StrictNamedArgs, error) {
	if !slices.Contains(AuditEntries, r.entry) {
		return nil, fmt.Errorf("audit: %q is no entry of AuditEntries", r.entry)
	}
	filter, err := json.Marshal(r.filter)
	if err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	return pgx.StrictNamedArgs{"issuer": caller.Issuer, "subject": caller.Subject, "system": caller.System,
		"purpose": caller.Purpose, "entry": r.entry, "filter": filter, "rows": rows}, nil
}

// enter adds an entry to the audit log within a transaction, under whatever role that is carried out.
func enter(ctx context.Context, tx pgx.Tx, caller access.Caller, r reading, rows *int) error {
	args, err := entryOf(caller, r, rows)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, auditAdd.sql, args); err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	return nil
}

// addUnit says in a filter within which unit rows were asked for; nil: in all.
func (r reading) addUnit(within *Ref) reading {
	if within != nil {
		r.filter["within"] = strings.ToUpper(string(within.Level)) + ":" + within.Code
	}
	return r
}

func (r reading) addBox(box *Box) reading {
	if box != nil {
		r.filter["bbox"] = []float64{box.West, box.South, box.East, box.North}
	}
	return r
}

func (r reading) addDay(name string, day time.Time) reading {
	if !day.IsZero() {
		r.filter[name] = day.Format(time.DateOnly)
	}
	return r
}

// AuditFilter narrows the log.
type AuditFilter struct {
	From, To *time.Time // entries of From or later, before To; nil: open
	Subject  *string    // of this caller alone
}

// auditList names lists of audit entries in their cursors.
const auditList = "audit"

// AuditLog returns a page of the audit log, the latest first. Its total is a statement of its own, which page.SkipTotal leaves out.
// Errors: BAD_INPUT for the page, FORBIDDEN.
func (d *DB) AuditLog(ctx context.Context, filter AuditFilter, page PageArgs) (Page[AuditEntry], error) {
	var after int64
	if err := page.start(auditList, &after); err != nil {
		return Page[AuditEntry]{}, err
	}
	if everywhere, _ := d.asks(ctx).Scope(access.Audit); !everywhere {
		return Page[AuditEntry]{}, forbidden("nhật ký truy cập là của người quản trị mọi nơi", "the audit log is for an administrator of everything")
	}
	args := pgx.StrictNamedArgs{"from_at": filter.From, "to_at": filter.To, "subject": filter.Subject}
	var answer Page[AuditEntry]
	if !page.SkipTotal {
		counted, err := ask[struct{ Entries int }](ctx, d, auditCount, args)
		if err != nil {
			return answer, err
		}
		answer.Total = counted[0].Entries
	}
	args["after"], args["take"] = after, page.First+1
	found, err := ask[AuditEntry](ctx, d, auditPage, args)
	if err != nil {
		return answer, err
	}
	if answer.More = len(found) > page.First; answer.More {
		found = found[:page.First]
	}
	answer.Items = found
	for _, e := range found {
		answer.Cursors = append(answer.Cursors, cursor(auditList, e.ID))
	}
	return answer, nil
}
