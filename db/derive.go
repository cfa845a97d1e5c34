package db

import (
	"context"

	"vunglom/bundle"
)

// derive brings everything that follows from the rows up to date, at the cost of what changed.
func (im *importing) derive(ctx context.Context) error {
	if err := im.rollUp(ctx); err != nil {
		return err
	}
	serving := im.unitsChanged || im.changed["team"]+im.changed["team_service"] > 0
	if serving {
		if err := im.all(ctx, "team_unit", "team_base", "team_period_drop", "team_period"); err != nil {
			return err
		}
	}
	if serving || im.changed["address"]+im.changed["service_point"]+im.changed["designation"] > 0 {
		if err := im.refreshRemoteness(ctx); err != nil {
			return err
		}
	}
	if im.unitsChanged {
		if err := im.drawShapes(ctx); err != nil {
			return err
		}
	}
	return im.warn(ctx)
}

// warn notes what is kept but looks wrong, for the rows of this bundle.
func (im *importing) warn(ctx context.Context) error {
	for _, w := range []struct{ table, query string }{
		{"units", "warn_overlap"}, {"units", "warn_hole"},
		{"addresses", "warn_address"}, {"households", "warn_household"}, {"adoptions", "warn_adoption"},
	} {
		t := bundle.TableNamed(w.table)
		if im.staged[t] == 0 {
			continue
		}
		done := im.step("check "+w.table, im.staged[t])
		if err := im.note(ctx, t, importQuery(w.query)); err != nil {
			return err
		}
		done(im.staged[t])
	}
	return nil
}

// land writes the dataset's row and answers the province's snapshot: a new one where anything changed.
func (im *importing) land(ctx context.Context) (string, error) {
	var changed int64
	for _, n := range im.changed {
		changed += n
	}
	m := im.bundle.Meta
	im.arguments["changed"] = changed > 0
	im.arguments["source"], im.arguments["licence"] = m.Source, m.Licence
	im.arguments["srid"], im.arguments["synthetic"] = m.SRID, m.Synthetic
	var snapshot string
	err := im.tx.QueryRow(ctx, importQuery("dataset_land"), im.arguments).Scan(&snapshot)
	return snapshot, err
}
