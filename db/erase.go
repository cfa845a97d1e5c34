package db

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"vunglom/access"
	"vunglom/bundle"
)

var (
	eraseFound     = query("erase_found")
	eraseKnown     = query("erase_known")
	eraseEnded     = query("erase_ended")
	eraseHousehold = query("erase_household")
	eraseVisit     = query("erase_visit")
	eraseAdoption  = query("erase_adoption")
	eraseLabel     = query("erase_label")
	eraseProblem   = query("erase_problem")
	eraseRemember  = query("erase_remember")
	eraseDispute   = query("erase_challenge")
	eraseCorrected = query("erase_correction")
	eraseStep      = query("erase_challenge_event")
	eraseEvidence  = query("erase_evidence")
	eraseWords     = query("erase_words")
	eraseLift      = query("erase_lift")
)

// Erasing says which households are to be erased. The caller's purpose says why.
type Erasing struct {
	Province    string
	Households  []string  // their codes
	EndedBefore time.Time // instead: all that left the register before this day
	DryRun      bool      // do everything, then undo it
	Now         time.Time // the clock; zero: now

	// Step is told what is going on, as ImportOptions.Step.
	Step func(name string, done, total int64)
}

// Erasure is what was erased.
type Erasure struct {
	Households int    // that are erased now
	Already    int    // that had been erased before
	Unknown    []int  // the places in Erasing.Households of those that are neither in the register nor erased
	Visits     int    // rows of them
	Adoptions  int    // rows of them
	Labels     int    // addresses whose label was taken out
	Snapshot   string // the province's snapshot afterwards; of a dry run: the one that it would have had
}

// namedHashes is how many hashes of households an entry of the log names.
const namedHashes = 100

// EraseHouseholds takes households out: their rows, visits and adoptions, what is disputed of them, the label of their address, the words of what is disputed of it and words that name them; and
// brings everything that follows up to date, by the walk of an import, in one transaction. Figures are afterwards those of a province in
// which the household has never been, but for what was published of month ends before, which stands: what changes between two
// publications would tell of the one who went. Imports leave the household out until LiftErasure.
// Errors: FORBIDDEN; NOT_FOUND for the province; BAD_INPUT without a purpose, and for the key of erased identities; BUSY.
func (d *DB) EraseHouseholds(ctx context.Context, o Erasing) (*Erasure, error) {
	caller := d.asks(ctx)
	if err := checkErasure(caller, o.Households); err != nil {
		return nil, err
	}
	e := &eraser{db: d, caller: caller, codes: o.Households, endedBefore: o.EndedBefore, answer: &Erasure{}}
	err := d.inTurn(ctx, o.Province, func() (err error) {
		e.importing = newImporting(&bundle.Bundle{Meta: bundle.Meta{Province: o.Province}}, ImportOptions{DryRun: o.DryRun, Now: o.Now, Step: o.Step})
		e.begin, e.remove, e.end = e.find, e.takeOut, e.enter
		e.yields, e.quiet = true, true // a progress that everybody may follow who imports would tell of it
		e.answer.Snapshot, err = d.transact(ctx, e.importing)
		return err
	})
	if errors.Is(err, ErrOutcomeUnknown) {
		return nil, errErasureUnknown
	}
	if err != nil {
		return nil, err
	}
	if !o.DryRun && e.answer.Households > 0 {
		d.forget(ctx)
	}
	return e.answer, nil
}

// errErasureUnknown is ErrOutcomeUnknown of an erasure.
var errErasureUnknown = errors.New("the database went away while the erasure was being kept: all of it is done, or nothing; erase again, which says what was erased already")

// checkErasure refuses an erasure without a reason, and one whose reason would keep the code in the log.
func checkErasure(caller access.Caller, codes []string) error {
	if caller.Purpose == "" {
		return badInput("hãy nói lý do xóa: --purpose, hoặc đầu đề X-Purpose", "say why: --purpose, or the header X-Purpose")
	}
	for _, code := range codes {
		if regexp.MustCompile(`(^|[^\pL\pN])` + regexp.QuoteMeta(code) + `($|[^\pL\pN])`).MatchString(caller.Purpose) {
			return badInput("lý do nêu mã hộ, và sẽ nằm lại trong nhật ký: hãy viết lý do không có mã", "the reason names the household's code, and would stay in the log: say it without")
		}
	}
	return nil
}

// eraser is an erasure under way: an import of nothing that takes households out.
type eraser struct {
	*importing
	db          *DB
	caller      access.Caller
	codes       []string
	endedBefore time.Time
	answer      *Erasure

	key     *erasureKey
	digests []string                                 // the hashes of those that are gone, hexadecimal
	hashes  struct{ households, addresses [][]byte } // the same, and of their addresses
	at      struct{ schemes, codes []string }        // their addresses
}

// as does something under the database's role of who may erase, which PostgreSQL refuses to everybody else; what comes after is the owner's again.
func (e *eraser) as(ctx context.Context, do func(args pgx.StrictNamedArgs) error) error {
	role, scope, err := e.db.roleOf(ctx, access.Erasure, nil)
	if err != nil {
		return err
	}
	if _, err := e.tx.Exec(ctx, actAs.sql, role, scope); err != nil {
		return err
	}
	if err := do(pgx.StrictNamedArgs{"province": e.bundle.Meta.Province}); err != nil {
		return refused(err)
	}
	_, err = e.tx.Exec(ctx, owner)
	return err
}

// find looks which of the households there are, which of the others are erased already.
func (e *eraser) find(ctx context.Context) error {
	if err := e.sayAgain(ctx); err != nil {
		return err
	}
	found, err := e.look(ctx)
	if err != nil {
		return err
	}
	// The key before the feed, whose lock publishing takes, as every other erasure does.
	if e.key, err = e.db.openErasureKey(ctx, e.tx, !e.options.DryRun); err != nil {
		return err
	}
	if err := e.publishSent(ctx); err != nil {
		return err
	}
	province, seen, twice := e.bundle.Meta.Province, make([]bool, len(e.codes)), map[string]bool{}
	for _, f := range found {
		seen[f.At] = true
		code := e.codes[f.At]
		if twice[code] {
			continue
		}
		twice[code] = true
		household := e.key.household(province, code)
		e.gone, e.digests = append(e.gone, code), append(e.digests, hex.EncodeToString(household[:]))
		e.hashes.households, e.hashes.addresses = append(e.hashes.households, household[:]), append(e.hashes.addresses, nil)
		if f.Address != nil {
			address := e.key.address(province, *f.Scheme, *f.Address)
			e.hashes.addresses[len(e.hashes.addresses)-1] = address[:]
			e.at.schemes, e.at.codes = append(e.at.schemes, *f.Scheme), append(e.at.codes, *f.Address)
		}
	}
	return e.lookAgain(ctx, seen)
}

// publishSent publishes what was sent row by row and is not published yet: what is published when the household goes has to stand.
func (e *eraser) publishSent(ctx context.Context) error {
	p := publishing{tx: e.tx, province: e.bundle.Meta.Province}
	var due bool
	if err := e.tx.QueryRow(ctx, importQuery("publish_behind"), p.arguments()).Scan(&due); err != nil || !due {
		return err
	}
	_, err := p.run(ctx)
	return err
}

// foundHousehold is a household that there is.
type foundHousehold struct {
	At              int // its place among the codes
	Scheme, Address *string
}

// look is the first statement that needs the right: whoever may not erase learns nothing, and leaves nothing behind.
func (e *eraser) look(ctx context.Context) (found []foundHousehold, err error) {
	err = e.as(ctx, func(args pgx.StrictNamedArgs) error {
		if e.codes == nil {
			rows, err := e.tx.Query(ctx, eraseEnded.sql, pgx.StrictNamedArgs{"province": args["province"], "before": e.endedBefore})
			if err != nil {
				return err
			}
			if e.codes, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
				return err
			}
		}
		args["codes"] = e.codes
		rows, err := e.tx.Query(ctx, eraseFound.sql, args)
		if err != nil {
			return err
		}
		found, err = pgx.CollectRows(rows, pgx.RowToStructByName[foundHousehold])
		return err
	})
	return found, err
}

// lookAgain tells those that are erased already from those that nobody knows.
func (e *eraser) lookAgain(ctx context.Context, seen []bool) error {
	var at []int
	var digests [][]byte
	for i, code := range e.codes {
		if !seen[i] {
			sum := e.key.household(e.bundle.Meta.Province, code)
			at, digests = append(at, i), append(digests, sum[:])
		}
	}
	return e.as(ctx, func(args pgx.StrictNamedArgs) error {
		args["digests"] = digests
		rows, err := e.tx.Query(ctx, eraseKnown.sql, args)
		if err != nil {
			return err
		}
		known, err := pgx.CollectRows(rows, pgx.RowTo[int])
		e.answer.Already = len(known)
		for n, i := range at {
			if !slices.Contains(known, n) {
				e.answer.Unknown = append(e.answer.Unknown, i)
			}
		}
		return err
	})
}

// takeOut takes the rows out, between what they counted for and what is counted without them.
func (e *eraser) takeOut(ctx context.Context) error {
	return e.as(ctx, func(args pgx.StrictNamedArgs) error {
		for _, s := range []struct {
			statement statement
			args      pgx.StrictNamedArgs
			rows      *int
		}{
			{eraseStep, pgx.StrictNamedArgs{"codes": e.gone}, nil}, // before the challenges, by which they are found
			{eraseCorrected, pgx.StrictNamedArgs{"codes": e.gone}, nil},
			{eraseDispute, pgx.StrictNamedArgs{"codes": e.gone}, nil},
			{eraseWords, pgx.StrictNamedArgs{"codes": e.gone, "schemes": e.at.schemes, "addresses": e.at.codes}, nil},
			{eraseEvidence, pgx.StrictNamedArgs{"codes": e.gone, "schemes": e.at.schemes, "addresses": e.at.codes}, nil},
			{eraseVisit, pgx.StrictNamedArgs{"codes": e.gone}, &e.answer.Visits},
			{eraseAdoption, pgx.StrictNamedArgs{"codes": e.gone}, &e.answer.Adoptions},
			{eraseHousehold, pgx.StrictNamedArgs{"codes": e.gone}, &e.answer.Households},
			{eraseProblem, pgx.StrictNamedArgs{"codes": e.gone}, nil},
			{eraseLabel, pgx.StrictNamedArgs{"schemes": e.at.schemes, "addresses": e.at.codes}, &e.answer.Labels},
			{eraseRemember, pgx.StrictNamedArgs{"households": e.hashes.households, "addresses": e.hashes.addresses}, nil},
		} {
			s.args["province"] = args["province"]
			done, err := e.tx.Exec(ctx, s.statement.sql, s.args)
			if err != nil {
				return err
			}
			if s.rows != nil {
				*s.rows = int(done.RowsAffected())
			}
		}
		if e.answer.Households != len(e.gone) {
			return fmt.Errorf("erase: %d households of %d were taken out", e.answer.Households, len(e.gone))
		}
		return nil
	})
}

// enter enters the erasure in the audit log, with the hashes of few households.
func (e *eraser) enter(ctx context.Context) error {
	filter := map[string]any{"province": e.bundle.Meta.Province}
	if !e.endedBefore.IsZero() {
		filter["endedBefore"] = e.endedBefore.Format(time.DateOnly)
	}
	if n := len(e.digests); n > 0 && n <= namedHashes {
		filter["households"] = e.digests
	}
	rows := e.answer.Households + e.answer.Visits + e.answer.Adoptions
	return e.as(ctx, func(pgx.StrictNamedArgs) error {
		return enter(ctx, e.tx, e.caller, reading{"erase", filter}, &rows)
	})
}

// forget has PostgreSQL free the room of the rows that are no more, and take their codes out of what it remembers of columns (pg_stats).
// It is no part of the transaction, and the erasure stands without it: autovacuum comes to it too, later.
func (d *DB) forget(ctx context.Context) {
	conn, err := pgx.ConnectConfig(ctx, d.pool.Config().ConnConfig.Copy()) // as who owns the tables
	if err == nil {
		_, err = conn.Exec(ctx, importQuery("erase_sweep"))
		err = errors.Join(err, conn.Close(ctx))
	}
	if err != nil {
		slog.WarnContext(ctx, "the rows of an erased household are not swept up yet; autovacuum will", "error", err)
	}
}

// LiftErasure lets bundles bring households again that were erased, because they are registered anew, and answers how many had been.
// Errors: FORBIDDEN, BAD_INPUT.
func (d *DB) LiftErasure(ctx context.Context, province string, codes []string) (lifted int, err error) {
	caller := d.asks(ctx)
	if err := checkErasure(caller, codes); err != nil {
		return 0, err
	}
	e := &eraser{db: d, caller: caller, importing: newImporting(&bundle.Bundle{Meta: bundle.Meta{Province: province}}, ImportOptions{})}
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		e.tx = tx
		if _, err := tx.Exec(ctx, owner); err != nil {
			return err
		}
		if err := lockProvince(ctx, tx, province); err != nil {
			return err
		}
		key, err := d.openErasureKey(ctx, tx, false)
		if err != nil {
			return err
		}
		digests, filter := make([][]byte, len(codes)), map[string]any{"province": province}
		for i, code := range codes {
			sum := key.household(province, code)
			digests[i] = sum[:]
		}
		return e.as(ctx, func(args pgx.StrictNamedArgs) error {
			args["digests"] = digests
			done, err := tx.Exec(ctx, eraseLift.sql, args)
			if err != nil {
				return err
			}
			lifted = int(done.RowsAffected())
			return enter(ctx, tx, caller, reading{"erase.lift", filter}, &lifted)
		})
	})
	return lifted, err
}
