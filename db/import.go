package db

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"vunglom/access"
	"vunglom/bundle"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

//go:embed query/import/*.sql
var importFiles embed.FS

// importQuery returns the text of query/import/NAME.sql: a statement over the temporary tables of an import.
func importQuery(name string) string {
	text, err := importFiles.ReadFile("query/import/" + name + ".sql")
	if err != nil {
		panic(fmt.Sprintf("db: %v", err))
	}
	return nameStatement(string(text), "import/"+name)
}

// ImportOptions says how a bundle is taken.
type ImportOptions struct {
	DryRun     bool      // do everything, then undo it
	Strict     bool      // any rejected row fails the bundle
	RejectsDir string    // where rejected rows are copied as they were; empty: nowhere
	Now        time.Time // the clock; zero: now
	Today      time.Time // the day remoteness is about; zero: the day of Now in Asia/Ho_Chi_Minh

	// Units are where households, visits and adoptions may lie, as of today; none: everywhere. Rows that lie elsewhere are rejected.
	Units []access.Unit

	// Hide takes out of what is told of rows and of a failure what nobody may read there; nil: nothing.
	Hide func(string) string

	// Step is told what is going on: a name, how far, of how much (0: not known). It may be nil.
	Step func(name string, done, total int64)
}

// importing is one import under way.
type importing struct {
	bundle     *bundle.Bundle
	sent       *sending // its rows were sent by somebody who may write just those; nil: a bundle was brought
	options    ImportOptions
	tx         pgx.Tx
	frame      *frame
	journal    *journal
	arguments  pgx.NamedArgs
	staged     map[*bundle.Table]int64
	given      map[*bundle.Table]uint32 // the columns that every row of a table has, as bundle.Row.Given
	identities seen
	twice      map[*bundle.Table]bool // two rows of a table may have one identity
	changed    map[string]int64       // rows new or different, by table of the store

	unitsChanged    bool // units, successions or polygons: where things lie must be settled anew
	polygonsChanged bool // points must be located anew
	views           []string
	placesSettled   bool // the places that stood before this import lie where the units now say
	territory       *territory
	touched         touching
	bases           map[string][2]float64 // where the teams that were sent stood, of those that counted
	recounted       bool                  // counts were taken anew, or places lie elsewhere: the deltas do not say all that figures changed by
	deltas          bool                  // there are deltas

	db        *DB
	erased    *erased  // what is left out of bundles
	corrected bool     // challenges corrected something, which bundles do not undo unless they know better
	gone      []string // the codes of households that are taken out
	quiet     bool     // its progress is not announced
	yields    bool     // it answers errTaken where the province is taken, and does not wait; see inTurn

	began    time.Time
	snapshot string // the province's, once there is a new one or none is needed

	begin  func(context.Context) error // what comes first, once no other import is under way; nil: nothing
	draw   func(context.Context) error // derives hamlets' polygons, once the units are in; nil: nothing
	remove func(context.Context) error // takes out the rows of those that are gone
	end    func(context.Context) error // what comes last; nil: nothing
}

func newImporting(b *bundle.Bundle, o ImportOptions) *importing {
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	if o.Today.IsZero() {
		o.Today = Today(o.Now)
	}
	if o.Hide == nil {
		o.Hide = func(text string) string { return text }
	}
	return &importing{bundle: b, options: o, began: time.Now().UTC(), journal: newJournal(o.Hide), staged: map[*bundle.Table]int64{}, given: map[*bundle.Table]uint32{},
		twice: map[*bundle.Table]bool{}, changed: map[string]int64{}}
}

// Import takes a bundle: one transaction, which lands whole or not at all. The report tells what became of every row;
// it is returned also where the bundle fails (*bundle.FileError, *Error, or ErrStrict), as far as it got. Rejected
// rows are copied to RejectsDir where all rows were read: where the bundle landed, and on ErrStrict. A copy that fails is an
// error too, but the report still says that the bundle has landed.
func (d *DB) Import(ctx context.Context, b *bundle.Bundle, o ImportOptions) (*Report, error) {
	return d.bring(ctx, newImporting(b, o))
}

// bring is Import of what has been made ready.
func (d *DB) bring(ctx context.Context, im *importing) (*Report, error) {
	for _, p := range im.bundle.Unknown() {
		im.journal.add(nil, p)
	}
	snapshot, err := d.transact(ctx, im)
	report, rerr := im.journal.report()
	report.Snapshot, report.DryRun = snapshot, im.options.DryRun
	if err != nil {
		report.Failed = im.options.Hide(failure(err))
		report.Snapshot = ""
	}
	var cerr error
	if err == nil || errors.Is(err, ErrStrict) {
		cerr = im.copyRejects(ctx)
	}
	return report, errors.Join(err, rerr, cerr)
}

// transact carries an import out, whole or not at all, and answers the province's snapshot. How far it is is announced to
// whoever listens, unless nothing of it is to be kept.
func (d *DB) transact(ctx context.Context, im *importing) (snapshot string, err error) {
	if !im.options.DryRun && !im.quiet {
		a := d.announce(ctx, im.bundle.Meta.Province, im.began)
		im.alsoTell(a.step)
		defer func() { a.end(im.ended(snapshot, err)) }()
	}
	im.db = d
	conn, err := d.pool.Acquire(ctx)
	if err != nil {
		return "", err
	}
	defer conn.Release()
	commits := false
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		im.tx = tx
		if err := im.act(ctx); err != nil {
			return err
		}
		if err := im.run(ctx); err != nil {
			return err
		}
		if err := im.journal.problems.err; err != nil { // what can't be told must not land
			return err
		}
		var err error
		if snapshot, err = im.land(ctx); err != nil {
			return err
		}
		im.snapshot = snapshot
		if im.end != nil {
			if err := im.end(ctx); err != nil {
				return err
			}
		}
		if im.options.DryRun {
			return errDryRun
		}
		commits = true
		return nil
	})
	var told *pgconn.PgError
	switch {
	case errors.Is(err, errDryRun):
		err = nil
	case err != nil && commits && !errors.As(err, &told):
		err = fmt.Errorf("%w (%w)", ErrOutcomeUnknown, err)
	}
	return snapshot, err
}

// ErrOutcomeUnknown is the error of an import whose last word, to keep all of it, was not answered.
var ErrOutcomeUnknown = errors.New("the database went away while the import was being kept: it has landed whole, or not at all; import the bundle again, which changes nothing if it has landed")

// ErrStrict fails a bundle of which a row was rejected, where that was asked for.
var ErrStrict = errors.New("rows were rejected and --strict was given; nothing was imported")

var errDryRun = errors.New("dry run")

// failedUntold is why an import failed where that is nobody's but the log's.
const failedUntold = "the import failed; nothing was imported"

func failure(err error) string {
	var file *bundle.FileError
	var input *Error
	if errors.As(err, &file) || errors.As(err, &input) || errors.Is(err, ErrStrict) {
		return err.Error()
	}
	if errors.Is(err, ErrOutcomeUnknown) {
		return ErrOutcomeUnknown.Error()
	}
	return failedUntold
}

// copyRejects writes the rejected rows as they were.
func (im *importing) copyRejects(ctx context.Context) error {
	if im.options.RejectsDir == "" {
		return nil
	}
	for t, lines := range im.journal.rejected {
		if err := im.bundle.Copy(ctx, t, lines, im.options.RejectsDir); err != nil {
			return fmt.Errorf("copy of the rejected rows: %w", err)
		}
	}
	return nil
}

// step announces a part of the work and returns what to call as it goes on.
func (im *importing) step(name string, total int64) func(done int64) {
	if im.options.Step == nil {
		return func(int64) {}
	}
	im.options.Step(name, 0, total)
	return func(done int64) { im.options.Step(name, done, total) }
}

// run does the whole import but for the commit. The order: read and check what facts refer to; find where the points
// lie; take the old facts of everything touched out of the roll-ups, merge, and put the new ones in.
func (im *importing) run(ctx context.Context) error {
	if err := im.prepare(ctx); err != nil {
		return err
	}
	if err := im.passOver(ctx); err != nil {
		return err
	}
	for _, t := range bundle.Tables {
		if err := im.take(ctx, t); err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
	}
	if im.options.Strict && len(im.journal.rejected) > 0 {
		return ErrStrict
	}
	if im.sent != nil {
		if err := im.sent.collect(ctx, im); err != nil {
			return err
		}
	}
	if err := im.derive(ctx); err != nil {
		return err
	}
	return im.dropViews(ctx)
}

// sayAgain makes the import one of nothing: a bundle that says of itself what the store's latest one said.
func (im *importing) sayAgain(ctx context.Context) error {
	m := &im.bundle.Meta
	var asOf time.Time
	err := im.tx.QueryRow(ctx, importQuery("dataset_said"), pgx.StrictNamedArgs{"province": m.Province}).
		Scan(&asOf, &m.Source, &m.Licence, &m.SRID, &m.Synthetic)
	if errors.Is(err, pgx.ErrNoRows) {
		return notFound("chưa có dữ liệu của tỉnh %q", "nothing is loaded of province %q", m.Province)
	}
	m.AsOf = bundle.DayOf(asOf)
	return err
}

// prepare locks the province against another import and sets the session up for bulk work.
func (im *importing) prepare(ctx context.Context) error {
	lock := lockProvince
	if im.yields {
		lock = takeProvince
	}
	err := lock(ctx, im.tx, im.bundle.Meta.Province)
	if err != nil {
		return err
	}
	if im.begin != nil {
		if err := im.begin(ctx); err != nil {
			return err
		}
	}
	if im.frame, err = frameOf(ctx, im.tx, im.bundle.Meta.SRID); err != nil {
		return err
	}
	im.bind()
	if im.erased, err = im.db.readErased(ctx, im.tx, im.bundle.Meta.Province); err != nil {
		return err
	}
	if _, err := im.tx.Exec(ctx, strings.Join([]string{
		"set local work_mem = '192MB'", "set local temp_buffers = '256MB'", "set local hash_mem_multiplier = 2",
		"set local synchronize_seqscans = off", "set local cursor_tuple_fraction = 1", // cursors are read to their end
		"set local default_statistics_target = 10", // enough for what lives no longer than the import; see analyzeStored
		`create temporary table rejected (file smallint, line bigint, col text, value text, code text, message text) on commit drop`,
		`create temporary table erased_household (code text collate "C" primary key) on commit drop`,
		`create temporary table source_file (file smallint primary key, name text not null) on commit drop`,
	}, "; ")); err != nil {
		return err
	}
	if err := im.readCorrected(ctx); err != nil {
		return err
	}
	return im.beginTouching(ctx)
}

// passOver makes the changes of those tables that a bundle lacks and that others' changes are looked at together with: none.
func (im *importing) passOver(ctx context.Context) error {
	var statements []string
	for _, name := range []string{"addresses", "households", "visits", "adoptions"} {
		if im.bundle.Has(bundle.TableNamed(name)) {
			continue
		}
		to := im.targetOf(name)
		columns := make([]string, len(to.columns))
		for i, c := range to.columns {
			columns[i] = c.name
		}
		statements = append(statements, fmt.Sprintf("create temporary table change_%[1]s on commit drop as select 0::smallint as file, 0::bigint as line, false as is_new, %[2]s from %[1]s where false",
			to.into, strings.Join(columns, ", ")))
	}
	_, err := im.tx.Exec(ctx, strings.Join(statements, "; "))
	return err
}

// take reads, checks and compares a table, and merges it where nothing is derived from its rows one by one. What a bundle lacks
// costs nothing, but for what other tables' changes do to it.
func (im *importing) take(ctx context.Context, t *bundle.Table) error {
	if im.bundle.Has(t) {
		if err := im.stage(ctx, t); err != nil {
			return err
		}
		if err := im.nameFiles(ctx); err != nil {
			return err
		}
		if err := im.check(ctx, t); err != nil {
			return err
		}
	}
	switch t.Name {
	case "units":
		return im.takeUnits(ctx, t)
	case "addresses":
		return im.takeAddresses(ctx, t)
	case "households":
		return im.takeHouseholds(ctx, t)
	}
	if !im.bundle.Has(t) {
		return nil
	}
	switch t.Name {
	case "visits", "adoptions":
		return im.compare(ctx, t) // merged by rollUp, between the old figures and the new
	}
	if err := im.compare(ctx, t); err != nil {
		return err
	}
	if err := im.touch(ctx, t); err != nil {
		return err
	}
	return im.merge(ctx, t)
}

// nameFiles makes the names of the files read so far known to SQL.
func (im *importing) nameFiles(ctx context.Context) error {
	var names []string
	for _, f := range im.journal.files {
		names = append(names, strings.ToValidUTF8(f, "?"))
	}
	_, err := im.tx.Exec(ctx, `insert into source_file select n - 1, name from unnest($1::text[]) with ordinality f (name, n) on conflict do nothing`, names)
	return err
}

// takeUnits merges the units and their polygons.
func (im *importing) takeUnits(ctx context.Context, t *bundle.Table) error {
	if im.staged[t] > 0 {
		if err := im.all(ctx, "polygon_yield"); err != nil {
			return err
		}
		fresh, err := im.exec(ctx, importQuery("polygon_insert"))
		if err != nil {
			return err
		}
		im.polygonsChanged = fresh > 0
		if err := im.compare(ctx, t); err != nil {
			return err
		}
		if err := im.merge(ctx, t); err != nil {
			return err
		}
		if err := im.giveWay(ctx); err != nil {
			return err
		}
	}
	if im.draw != nil {
		return im.draw(ctx)
	}
	return nil
}

// giveWay takes from derived polygons what drawn ones cover.
func (im *importing) giveWay(ctx context.Context) error {
	if err := im.all(ctx, "give_way", "give_way_polygon"); err != nil {
		return err
	}
	n, err := im.exec(ctx, importQuery("give_way_unit"))
	im.changed["unit"] += n
	im.polygonsChanged = im.polygonsChanged || n > 0
	return err
}

// act says as whom the import is done: a bundle is the owner's, rows are those of a role that may write just these.
func (im *importing) act(ctx context.Context) error {
	if im.sent == nil && len(im.options.Units) == 0 {
		_, err := im.tx.Exec(ctx, owner)
		return err
	}
	if im.sent == nil { // as the owner, who may write everywhere: the checks hold it to the units, see within
		scope, err := json.Marshal(scopeSetting{Province: im.bundle.Meta.Province, Day: im.options.Today.Format(time.DateOnly), Units: scopeUnits(im.options.Units)})
		if err == nil {
			_, err = im.tx.Exec(ctx, actAs.sql, "none", string(scope))
		}
		return err
	}
	_, err := im.tx.Exec(ctx, actAs.sql, im.sent.role, im.sent.scope)
	return err
}
