package db

import (
	"context"
	"slices"
	"strings"

	"vunglom/bundle"
)

// rollUp brings the facts into the store and the roll-ups with them: what the touched households and addresses count
// for is taken out, their rows are merged, and what they count for then is put in. It costs what was touched, and one
// set of statements says what a fact counts for, whether it is the first or a correction.
func (im *importing) rollUp(ctx context.Context) error {
	im.recounted = im.unitsChanged || im.polygonsChanged
	facts := im.changed["address"] + im.changed["household"] + im.changed["visit"] + im.changed["adoption"] + int64(len(im.gone))
	if facts == 0 && !im.unitsChanged {
		return nil
	}
	defer im.step("roll up", facts)(facts)
	var empty bool
	err := im.tx.QueryRow(ctx, importQuery("store_empty"), im.arguments).Scan(&empty)
	if err != nil {
		return err
	}
	if empty && facts == 0 { // units and reports only: there is nothing to count
		return nil
	}
	if err := im.all(ctx, "rollup_delta"); err != nil {
		return err
	}
	if !empty {
		if err := im.all(ctx, "erase_begin", "touched_some", "touched_before", "touched_address"); err != nil {
			return err
		}
		if err := im.analyze(ctx, "touched_household", "touched_uptake", "touched_address"); err != nil {
			return err
		}
		if err := im.all(ctx, "touched_resident"); err != nil {
			return err
		}
		if err := im.analyze(ctx, "touched_resident"); err != nil {
			return err
		}
		if err := im.all(ctx, "touch_place", "touch_visit"); err != nil {
			return err
		}
		if err := im.count(ctx, -1, false); err != nil {
			return err
		}
		if len(im.gone) > 0 {
			if err := im.remove(ctx); err != nil {
				return err
			}
		}
	}
	for _, table := range []string{"addresses", "households", "visits", "adoptions"} {
		if err := im.merge(ctx, bundle.TableNamed(table)); err != nil {
			return err
		}
	}
	if !empty {
		if im.changed["address"] > 0 || im.unitsChanged || im.polygonsChanged {
			if err := im.all(ctx, "address_move", "household_move"); err != nil {
				return err
			}
		}
		if err := im.all(ctx, "touch_place"); err != nil {
			return err
		}
	}
	if empty {
		im.touched.everything, im.recounted = true, true
		if err := im.analyzeStored(ctx, "address", "household", "visit", "adoption", "place", "place_period"); err != nil {
			return err
		}
	}
	if err := im.count(ctx, 1, empty); err != nil {
		return err
	}
	if im.changed["address"] > 0 || im.unitsChanged || im.polygonsChanged {
		if err := im.all(ctx, "rollup_place_address"); err != nil {
			return err
		}
	}
	if empty { // the counts are the roll-ups
		if err := im.all(ctx, "rollup_place_cell"); err != nil {
			return err
		}
		return im.analyzeStored(ctx, "place_day", "place_month", "place_cell (province, place_id, x, y)", "place_visit", "place_service_day", "place_service_month")
	}
	if err := im.all(ctx, "delta_net"); err != nil {
		return err
	}
	im.deltas = true
	if err := im.analyze(ctx, "delta_day", "delta_cell", "delta_address", "delta_visit", "delta_service"); err != nil {
		return err
	}
	return im.all(ctx, "rollup_place_day", "rollup_place_visit", "rollup_service_day",
		"rollup_place_day_drop", "rollup_place_visit_drop", "rollup_service_day_drop",
		"rollup_month_first", "rollup_place_month_drop", "rollup_place_month",
		"rollup_service_first", "rollup_service_month_drop", "rollup_service_month",
		"rollup_cell_after", "rollup_place_cell", "rollup_place_cell_drop")
}

// onlyTouched marks the lines of a count that narrow it to what was touched.
const onlyTouched = "-- only the touched"

// withoutLines leaves out the lines that end in a mark.
func withoutLines(text, mark string) string {
	lines := strings.Split(text, "\n")
	return strings.Join(slices.DeleteFunc(lines, func(line string) bool { return strings.HasSuffix(line, mark) }), "\n")
}

// analyze tells the planner what tables hold now: nobody else has, within this transaction, and a plan made for an
// empty table costs minutes on a full one.
func (im *importing) analyze(ctx context.Context, tables ...string) error {
	for _, table := range tables {
		if _, err := im.tx.Exec(ctx, "analyze "+table); err != nil {
			return err
		}
	}
	return nil
}

// analyzeStored does so for tables that outlive the import, as thoroughly as the server does by itself; of a table with arrays for
// the columns named, because nobody looks for what is in an array and counting that takes longer than all else.
// Of few rows nothing is told: the server notices by itself.
func (im *importing) analyzeStored(ctx context.Context, tables ...string) error {
	if im.sent != nil {
		return nil
	}
	if _, err := im.tx.Exec(ctx, "set local default_statistics_target = default"); err != nil {
		return err
	}
	if err := im.analyze(ctx, tables...); err != nil {
		return err
	}
	_, err := im.tx.Exec(ctx, "set local default_statistics_target = 10")
	return err
}

// all runs statements of query/import one after the other.
func (im *importing) all(ctx context.Context, names ...string) error {
	for _, name := range names {
		if _, err := im.exec(ctx, importQuery(name)); err != nil {
			return err
		}
	}
	return nil
}
