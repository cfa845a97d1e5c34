package db

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/jackc/pgx/v5"

	"vunglom/bundle"
	"vunglom/gis/divide"
)

// DeriveOptions says which hamlets are drawn, and by what rule.
type DeriveOptions struct {
	Province string
	Day      time.Time // hamlets valid on that day; zero: today
	Rule     divide.Options
	DryRun   bool      // do everything, then undo it
	Now      time.Time // the clock; zero: now

	// Step is told what is going on, as ImportOptions.Step.
	Step func(name string, done, total int64)
}

// DeriveReport is what a derivation did.
type DeriveReport struct {
	Province  string           `json:"province"`
	Day       string           `json:"day"`
	Drawn     int              `json:"drawn"`     // hamlets that a bundle has drawn: they stay as they are
	Derived   int              `json:"derived"`   // hamlets that have a derived polygon now
	Changed   int64            `json:"changed"`   // units of any time whose polygon or support is another than before
	Undrawn   []UndrawnHamlet  `json:"undrawn"`   // hamlets that have none
	Declaring int              `json:"declaring"` // addresses that declare one of the derived or undrawn hamlets
	Support   int              `json:"support"`   // those of them that lie in the hamlet they declare
	Conflicts []HamletConflict `json:"conflicts"` // the others
	Snapshot  string           `json:"snapshot"`
	DryRun    bool             `json:"dryRun,omitempty"`
}

// WriteJSON writes the report as JSON.
func (r *DeriveReport) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(r)
}

// Why a hamlet has no polygon.
const (
	UndrawnNoAddress = "no_address" // no address declares it and lies with the others that do; or fewer than divide.LeastPoints, beside other hamlets: its border would tell where they are
	UndrawnNoCommune = "no_commune" // its commune has no polygon
	UndrawnNoLand    = "no_land"    // the communes it has belonged to have no land in common, or drawn hamlets have it all
)

// UndrawnHamlet is a hamlet that could not be drawn.
type UndrawnHamlet struct {
	Code   string `json:"code"`
	Name   string `json:"name"` // with its kind
	Reason string `json:"reason"`
}

// HamletConflict is an address that does not lie in the hamlet it declares, on the day asked for. It counts where it lies.
type HamletConflict struct {
	Scheme   string   `json:"scheme"`
	Code     string   `json:"code"`
	Declares string   `json:"declares"`           // the hamlet's code on the day asked for
	LiesIn   string   `json:"liesIn,omitempty"`   // the code of the hamlet it lies in; empty: none
	LiesName string   `json:"liesName,omitempty"` // its name with its kind
	Outside  bool     `json:"outside"`            // it lies in another commune than the hamlet it declares, or in none although that one is drawn
	Metres   *float64 `json:"metres"`             // from it to the hamlet it declares; null: that has no polygon
}

// DeriveHamlets draws the hamlets that no bundle has drawn, from the addresses that declare them (see vunglom/gis/divide), and
// brings everything that follows up to date: one transaction, by the walk of an import. Deriving again changes nothing unless
// addresses, communes or drawn hamlets have changed. A hamlet that went on unchanged under another commune keeps one polygon:
// it is drawn within what all its communes have in common. An unknown province is an *Error with CodeNotFound.
func (d *DB) DeriveHamlets(ctx context.Context, o DeriveOptions) (*DeriveReport, error) {
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	if o.Day.IsZero() {
		o.Day = Today(o.Now)
	}
	if o.Rule.ReachMetres < 0 || math.IsNaN(o.Rule.ReachMetres) || !(o.Rule.LeastShare >= 0 && o.Rule.LeastShare <= 1) {
		return nil, badInput("reach là %g m và exclave là %g; cho reach từ 0 trở lên, exclave từ 0 đến 1",
			"reach is %g m and exclave %g; give a reach of 0 or more, an exclave of 0 to 1", o.Rule.ReachMetres, o.Rule.LeastShare)
	}
	im := newImporting(&bundle.Bundle{Meta: bundle.Meta{Province: o.Province}}, ImportOptions{DryRun: o.DryRun, Now: o.Now, Step: o.Step})
	drawing := &drawing{importing: im, options: o, report: &DeriveReport{
		Province: o.Province, Day: o.Day.Format(time.DateOnly), DryRun: o.DryRun, Undrawn: []UndrawnHamlet{}, Conflicts: []HamletConflict{}}}
	im.begin, im.draw = im.sayAgain, drawing.draw
	im.end = drawing.lie
	snapshot, err := d.transact(ctx, im)
	if err != nil {
		return nil, err
	}
	drawing.report.Snapshot = snapshot
	return drawing.report, nil
}

// lie tells of each conflict in which hamlet the address has come to lie, and whether in another commune than it declares;
// and remembers when hamlets were derived.
func (dr *drawing) lie(ctx context.Context) error {
	conflicts := dr.report.Conflicts
	schemes, codes, declared := make([]string, len(conflicts)), make([]string, len(conflicts)), make([]string, len(conflicts))
	for i, c := range conflicts {
		schemes[i], codes[i], declared[i] = c.Scheme, c.Code, c.Declares
	}
	dr.arguments["schemes"], dr.arguments["codes"], dr.arguments["declared"] = schemes, codes, declared
	rows, err := dr.tx.Query(ctx, importQuery("hamlet_conflict"), dr.arguments)
	if err != nil {
		return fmt.Errorf("conflicts: %w", err)
	}
	var n int
	var code, name string
	var outside bool
	if _, err = pgx.ForEachRow(rows, []any{&n, &code, &name, &outside}, func() error {
		c := &conflicts[n-1]
		c.LiesIn, c.LiesName, c.Outside = code, name, outside
		return nil
	}); err != nil {
		return err
	}
	_, err = dr.exec(ctx, importQuery("dataset_derived"))
	return err
}
