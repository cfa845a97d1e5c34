package db

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"vunglom/access"
)

// The roles of the database that questions are asked under. None owns anything, none can sign in; grant.sql says what each
// may read, so that PostgreSQL refuses what the caller has no right to, whatever the edge has let through.
const (
	rolePublished     = "vunglom_published"
	roleAggregates    = "vunglom_aggregates"
	roleDecisions     = "vunglom_decisions"
	rolePersons       = "vunglom_persons"
	roleAudit         = "vunglom_audit"
	rolePersonsWithin = "vunglom_persons_within" // sees the rows of persons in the caller's units, by the policies of its tables
	roleErasure       = "vunglom_erasure"        // takes households out, in the caller's provinces, by the policies of its tables
	roleRecord        = "vunglom_record"         // writes households, visits and adoptions of a province
	roleRecordWithin  = "vunglom_record_within"  // of those households that live in the caller's units
	roleRegister      = "vunglom_register"       // writes addresses, teams, members and reports of a province
	roleImport        = "vunglom_import"         // sends bundles, and follows and cancels those of the caller's provinces, by the policies of its tables
	roleDispute       = "vunglom_dispute"        // opens challenges about what lies in the caller's units
	roleResolve       = "vunglom_resolve"        // resolves them, and writes what is corrected
)

// roles are what statements are asked as, by the right that they need, where the caller has it everywhere.
var roles = map[access.Right]string{
	access.Published: rolePublished, access.Aggregates: roleAggregates, access.Decisions: roleDecisions, access.Persons: rolePersons,
	access.Audit: roleAudit, access.Erasure: roleErasure, access.Import: roleImport,
}

// actAs sets the role and the scope for the rest of a transaction.
var actAs = query("act_as")

// owner lets what follows in a transaction of the pool be done as who signed in, who owns the tables: imports, what is published, verify.
const owner = "set local role none"

// scopeSetting is the setting vunglom.scope: in which units, on which day, the caller sees or writes rows of persons; of which province
// rows are written; or in which provinces the caller may erase households, or import.
type scopeSetting struct {
	Day       string      `json:"day,omitempty"`
	Units     []scopeUnit `json:"units,omitempty"`
	Province  string      `json:"province,omitempty"`
	Provinces []string    `json:"provinces,omitempty"` // "*": all
}

// scopeUnit is a unit granted. Its code is meant in any province, or, where it was written PROVINCE/CODE, in that one.
type scopeUnit struct {
	Level    string `json:"level"`
	Code     string `json:"code"`
	Province string `json:"province,omitempty"`
}

// As returns the same DB for who names no caller in the context: there it is asked by this one. Contexts that name one are theirs.
func (d *DB) As(caller access.Caller) *DB {
	as := *d
	as.caller = caller
	return &as
}

// asks returns who asks: the caller of the context, else the one of As, else anybody.
func (d *DB) asks(ctx context.Context) access.Caller {
	if caller, named := access.Named(ctx); named {
		return caller
	}
	return d.caller
}

// roleOf returns the role under which a statement is asked, and the scope of rows of persons. One that the caller has no right
// to is asked as what everybody may ask: PostgreSQL refuses it, where it reads more than that.
func (d *DB) roleOf(ctx context.Context, needs access.Right, args pgx.StrictNamedArgs) (role, scope string, err error) {
	caller := d.asks(ctx)
	everywhere, units := caller.Scope(needs)
	role, known := roles[needs]
	switch {
	case !known || !everywhere && (len(units) == 0 || needs == access.Audit): // the log is of everything
		return rolePublished, "", nil
	case needs == access.Erasure || needs == access.Import:
		return provinceRole(role, everywhere, units)
	case everywhere || needs != access.Persons:
		return role, "", nil
	}
	day, err := scopeDay(args)
	if err != nil {
		return "", "", err
	}
	text, err := json.Marshal(scopeSetting{Day: day.Format(time.DateOnly), Units: scopeUnits(units)})
	return rolePersonsWithin, string(text), err
}

// provinceRole is a role that holds in whole provinces: nobody knows in which units an erased household has been, and a bundle is a province's.
func provinceRole(holds string, everywhere bool, units []access.Unit) (role, scope string, err error) {
	var setting scopeSetting
	if everywhere {
		setting.Provinces = []string{"*"}
	}
	for _, u := range units {
		if u.Level == string(LevelProvince) {
			setting.Provinces = append(setting.Provinces, u.Code)
		}
	}
	if setting.Provinces == nil {
		return rolePublished, "", nil
	}
	text, err := json.Marshal(setting)
	return holds, string(text), err
}

// scopeUnits are granted units as the scope has them.
func scopeUnits(units []access.Unit) []scopeUnit {
	list := make([]scopeUnit, len(units))
	for i, u := range units {
		list[i] = scopeUnit{Level: u.Level, Code: u.Code}
		if province, short, both := strings.Cut(u.Code, "/"); both {
			list[i].Province, list[i].Code = province, short
		}
	}
	return list
}

// scopeDay is the day on which the caller's units are meant: that of the boundaries asked about, else the day asked about,
// else today.
func scopeDay(args pgx.StrictNamedArgs) (time.Time, error) {
	for _, name := range []string{"boundary", "day"} {
		if day, is := args[name].(time.Time); is {
			return day, nil
		}
	}
	days, _ := args["days"].([]time.Time)
	if len(days) == 0 {
		return Today(time.Now()), nil
	}
	if slices.ContainsFunc(days, func(day time.Time) bool { return !day.Equal(days[0]) }) {
		return time.Time{}, errors.New("rows of persons on several days at once") // see sameDay
	}
	return days[0], nil
}

// sameDay parts addresses by their day for who sees those of some units only: which these are is told of one day.
func (d *DB) sameDay(ctx context.Context, addresses []AddressOnDay) [][]AddressOnDay {
	if everywhere, _ := d.asks(ctx).Scope(access.Persons); everywhere || len(addresses) == 0 {
		return [][]AddressOnDay{addresses}
	}
	var order []time.Time
	parts := map[time.Time][]AddressOnDay{}
	for _, a := range addresses {
		if parts[a.Day] == nil {
			order = append(order, a.Day)
		}
		parts[a.Day] = append(parts[a.Day], a)
	}
	list := make([][]AddressOnDay, len(order))
	for i, day := range order {
		list[i] = parts[day]
	}
	return list
}

// query sends a question to where this DB asks: any connection of the pool, or the one that Hold has. It is asked under the
// role of the right that it needs; that is told in the same message, so that it costs no round trip.
func (d *DB) query(ctx context.Context, s statement, args pgx.StrictNamedArgs) (pgx.Rows, error) {
	if s.needs == access.Persons && !d.logged {
		return nil, errUnlogged
	}
	role, scope, err := d.roleOf(ctx, s.needs, args)
	if err != nil {
		return nil, err
	}
	if d.held == nil && role == rolePublished { // what connections of the pool are, unless told
		rows, err := d.pool.Query(ctx, s.sql, args)
		return &answer{Rows: rows}, refused(err)
	}
	results := d.to().SendBatch(ctx, s.as(role, scope, args))
	if _, err := results.Exec(); err != nil {
		return nil, errors.Join(refused(err), results.Close())
	}
	rows, err := results.Query()
	if err != nil {
		return nil, errors.Join(refused(err), results.Close())
	}
	return &answer{Rows: rows, results: results}, nil
}

// as is a statement under a role: one message, and one transaction where there is none.
func (s statement) as(role, scope string, args pgx.StrictNamedArgs) *pgx.Batch {
	batch := &pgx.Batch{}
	batch.Queue(actAs.sql, role, scope)
	batch.Queue(s.sql, args)
	return batch
}

// answer is the rows of a statement that was sent with others: they end with all that was sent.
type answer struct {
	pgx.Rows
	results pgx.BatchResults // nil: it was sent alone
	failed  error
}

func (a *answer) Next() bool {
	if a.Rows.Next() {
		return true
	}
	a.Close()
	return false
}

func (a *answer) Close() {
	a.Rows.Close()
	if a.results != nil {
		a.failed = a.results.Close()
		a.results = nil
	}
}

func (a *answer) Err() error { return refused(cmp.Or(a.Rows.Err(), a.failed)) }

// insufficientPrivilege is the SQLSTATE of what a role may not do.
const insufficientPrivilege = "42501"

// refused puts PostgreSQL's refusal into words for who asks.
func refused(err error) error {
	var failure *pgconn.PgError
	if errors.As(err, &failure) && failure.Code == insufficientPrivilege {
		return forbidden("tài khoản này không được xem những số liệu đó", "this account may not see these data")
	}
	return err
}
