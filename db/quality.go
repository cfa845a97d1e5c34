package db

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"vunglom/access"
)

var (
	qualityCount = query("quality_count")
	qualityPage  = query("quality_page")
)

// QualityQuery asks for the state of the data about a day.
type QualityQuery struct {
	Within           *Ref
	Day              time.Time
	StaleAfterMonths int      // after so many months a published figure is old; 0 to 1,200
	Kinds            []string // those of QualityKinds that are asked for; none: all
}

// DefaultQualityQuery returns the defaults of the API on a day.
func DefaultQualityQuery(day time.Time) QualityQuery {
	return QualityQuery{Day: day, StaleAfterMonths: 12}
}

// QualityCheck is one kind of defect: how many cases there are, and of how many things.
type QualityCheck struct {
	Kind       string
	Count      int
	OutOf      int
	Share      *float64 // Count / OutOf; nil where there is nothing
	SentenceVi string
	SentenceEn string
}

// QualityCase is one defect.
type QualityCase struct {
	Kind     string
	Table    string // of the contract, in which the row is
	Identity string // what identifies the row there, its parts joined by strokes
	DetailVi string
	DetailEn string
	Position *Position // never of a household: that would be personal data
	Unit     *Unit     // that it is about, or lies in, on the day; nil: none
}

// kinds are the kinds asked for.
func (q *QualityQuery) kinds() []string {
	if len(q.Kinds) == 0 {
		return QualityKinds()
	}
	return q.Kinds
}

// args returns the arguments of the query, checked.
func (q *QualityQuery) args(ctx context.Context, d *DB) (pgx.StrictNamedArgs, error) {
	if q.StaleAfterMonths < 0 || q.StaleAfterMonths > 1200 {
		return nil, badInput("staleAfterMonths là %d; phải từ 0 đến 1.200", "staleAfterMonths is %d; it must be 0 to 1,200", q.StaleAfterMonths)
	}
	kinds := q.kinds()
	for _, kind := range kinds {
		if defectOf(kind) == nil {
			return nil, badInput("không có loại lỗi %q; hãy viết một trong: %s", "there is no kind of defect %q; write one of: %s", kind, joined(QualityKinds()))
		}
	}
	args := pgx.StrictNamedArgs{"kinds": kinds, "stale_after_months": q.StaleAfterMonths}
	return args, d.addWithin(ctx, args, q.Within, q.Day)
}

// Quality counts the cases of each kind of defect, in the order of QualityKinds; one statement, which computes no kind
// that is not asked for. Errors: BAD_INPUT for a kind or the months, and those of UnitByRef for Within.
func (d *DB) Quality(ctx context.Context, q QualityQuery) ([]QualityCheck, error) {
	args, err := q.args(ctx, d)
	if err != nil {
		return nil, err
	}
	type row struct {
		Kind         string
		Count, OutOf int
	}
	found, err := ask[row](ctx, d, qualityCount, args)
	if err != nil {
		return nil, err
	}
	order := QualityKinds()
	slices.SortFunc(found, func(a, b row) int { return slices.Index(order, a.Kind) - slices.Index(order, b.Kind) })
	checks := make([]QualityCheck, len(found))
	for i, r := range found {
		c := QualityCheck{Kind: r.Kind, Count: r.Count, OutOf: r.OutOf}
		if r.OutOf > 0 {
			share := float64(r.Count) / float64(r.OutOf)
			c.Share = &share
		}
		sentence := defectOf(r.Kind).check(r.Count, r.OutOf, q.StaleAfterMonths)
		c.SentenceVi, c.SentenceEn = sentence.vi, sentence.en
		checks[i] = c
	}
	return checks, nil
}

// qualityRow is a row of quality_page.
type qualityRow struct {
	Kind      string
	Province  string
	TableName string
	Identity  string
	UnitID    *int64
	Longitude *float64
	Latitude  *float64
	Facts     []*string
}

func (r *qualityRow) unit() Key {
	if r.UnitID == nil {
		return Key{}
	}
	return Key{r.Province, *r.UnitID}
}

func (r *qualityRow) made(units map[Key]Unit) QualityCase {
	c := QualityCase{Kind: r.Kind, Table: r.TableName, Identity: r.Identity}
	facts := make([]string, len(r.Facts))
	for i, f := range r.Facts {
		if f != nil {
			facts[i] = *f
		}
	}
	sentence := defectOf(r.Kind).about(r.Identity, facts)
	c.DetailVi, c.DetailEn = capital(sentence.vi), capital(sentence.en)
	if r.Longitude != nil && r.Latitude != nil {
		c.Position = &Position{*r.Longitude, *r.Latitude}
	}
	if unit, known := units[r.unit()]; known {
		c.Unit = &unit
	}
	return c
}

// ofPersons tells whether any of the kinds that arguments ask for has rows of persons for its cases.
func ofPersons(args pgx.StrictNamedArgs) bool {
	return slices.ContainsFunc(args["kinds"].([]string), QualityOfPersons)
}

// casesOf returns the statement of the cases of the kinds that its arguments ask for. Only those of persons need the right to see them.
func casesOf(args pgx.StrictNamedArgs) statement {
	s := qualityPage
	if !ofPersons(args) {
		s.needs = access.Decisions
	}
	return s
}

// reading is cases of persons as the audit log has them.
func (q *QualityQuery) reading(entry string, kinds []string) reading {
	r := reading{entry, map[string]any{"kinds": slices.Clone(kinds)}}
	return r.addUnit(q.Within).addDay("asOf", q.Day)
}

// readCases reads a page of cases of each kind asked for, and logs those of persons. These are asked for apart: who sees the rows of
// some units only would find teams without members, because those are rows of persons elsewhere.
func (d *DB) readCases(ctx context.Context, q *QualityQuery, args pgx.StrictNamedArgs) ([]qualityRow, error) {
	of := func(persons bool) pgx.StrictNamedArgs {
		some := maps.Clone(args)
		some["kinds"] = slices.DeleteFunc(slices.Clone(args["kinds"].([]string)), func(kind string) bool { return QualityOfPersons(kind) != persons })
		return some
	}
	var found []qualityRow
	if some := of(false); len(some["kinds"].([]string)) > 0 {
		plain, err := ask[qualityRow](ctx, d, casesOf(some), some)
		if err != nil {
			return nil, err
		}
		found = plain
	}
	some := of(true)
	if len(some["kinds"].([]string)) == 0 {
		return found, nil
	}
	err := d.readPersons(ctx, q.reading("dataQuality.cases", some["kinds"].([]string)), func(d *DB) (int, error) {
		persons, err := ask[qualityRow](ctx, d, casesOf(some), some)
		found = append(found, persons...)
		return len(persons), err
	})
	return found, err
}

// qualityList names lists of cases of a kind in their cursors.
func qualityList(kind string) string { return "quality " + kind }

// QualityCases returns a page of the cases of each kind asked for, by province and identity: one statement for the
// kinds of persons, one for all others, and one for their units. A cursor is of one kind. A page's Total is not counted: it is the check's Count.
// Errors: BAD_INPUT for the page, and those of Quality.
func (d *DB) QualityCases(ctx context.Context, q QualityQuery, page PageArgs) (map[string]Page[QualityCase], error) {
	args, err := q.args(ctx, d)
	if err != nil {
		return nil, err
	}
	var province, identity string
	for _, kind := range args["kinds"].([]string) {
		if err := page.start(qualityList(kind), &province, &identity); err != nil {
			return nil, err
		}
	}
	args["after_province"], args["after_identity"], args["take"] = province, identity, page.First+1
	found, err := d.readCases(ctx, &q, args)
	if err != nil {
		return nil, err
	}
	units, err := d.unitsOfCases(ctx, found)
	if err != nil {
		return nil, err
	}
	answer := map[string]Page[QualityCase]{}
	for i := range found {
		r := &found[i]
		p := answer[r.Kind]
		if len(p.Items) == page.First {
			p.More = true
		} else {
			p.Items = append(p.Items, r.made(units))
			p.Cursors = append(p.Cursors, cursor(qualityList(r.Kind), r.Province, r.Identity))
		}
		answer[r.Kind] = p
	}
	return answer, nil
}

func (d *DB) unitsOfCases(ctx context.Context, found []qualityRow) (map[Key]Unit, error) {
	seen := map[Key]bool{{}: true}
	var keys []Key
	for i := range found {
		if k := found[i].unit(); !seen[k] {
			seen[k] = true
			keys = append(keys, k)
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	return d.UnitsByID(ctx, keys)
}

// wholePage is how many cases WholeQuality reads at once.
const wholePage = 5000

// Listing is what WholeQuality reads of persons, for HoldListing; nil: nothing.
func (q *QualityQuery) Listing() *Listing {
	kinds := q.kinds()
	if !slices.ContainsFunc(kinds, QualityOfPersons) {
		return nil
	}
	return &Listing{q.reading("export/quality", kinds)}
}

// WholeQuality returns every case of every kind asked for, kind after kind in the order of QualityKinds, then by
// province and identity. It reads some thousand at a time: the list is never held as a whole. The sequence ends with
// its first error: those of Quality. Within Hold cases of persons are read by HoldListing alone.
func (d *DB) WholeQuality(ctx context.Context, q QualityQuery) iter.Seq2[*QualityCase, error] {
	return func(yield func(*QualityCase, error) bool) {
		args, err := q.args(ctx, d)
		if err != nil {
			yield(nil, err)
			return
		}
		whole := &wholeQuality{args: args, yield: yield}
		if list := q.Listing(); list != nil {
			err = d.streamPersons(ctx, list.reading, func(d *DB) (int, error) { return whole.read(ctx, d) })
		} else {
			_, err = whole.read(ctx, d)
		}
		if err != nil && !whole.stopped {
			yield(nil, err)
		}
	}
}

// wholeQuality is the cases of all kinds asked for as they are passed on.
type wholeQuality struct {
	args    pgx.StrictNamedArgs
	yield   func(*QualityCase, error) bool
	stopped bool
}

// read answers how many of them were rows of persons.
func (w *wholeQuality) read(ctx context.Context, d *DB) (persons int, err error) {
	asked := w.args["kinds"].([]string)
	for _, kind := range QualityKinds() {
		if !slices.Contains(asked, kind) {
			continue
		}
		w.args["kinds"], w.args["after_province"], w.args["after_identity"], w.args["take"] = []string{kind}, "", "", wholePage
		for more := true; more; {
			found, err := ask[qualityRow](ctx, d, casesOf(w.args), w.args)
			if err != nil {
				return persons, err
			}
			units, err := d.unitsOfCases(ctx, found)
			if err != nil {
				return persons, err
			}
			for i := range found {
				if QualityOfPersons(kind) {
					persons++
				}
				c := found[i].made(units)
				if w.stopped = !w.yield(&c, nil); w.stopped {
					return persons, nil
				}
			}
			if more = len(found) == wholePage; more {
				last := &found[len(found)-1]
				w.args["after_province"], w.args["after_identity"] = last.Province, last.Identity
			}
		}
	}
	return persons, nil
}

// joined writes a list of words.
func joined(list []string) string {
	text := fmt.Sprint(list)
	return text[1 : len(text)-1]
}
