package db

import (
	"context"
	"slices"

	"vunglom/bundle"
)

// mostTouched is how many units a snapshot names; where more are touched, any may be.
const mostTouched = MostChangedUnits

// snapshotsKept is how many snapshots of a province are remembered with what they touched.
const snapshotsKept = 1000

// touching gathers which units an import changes in figure, shape or fact.
type touching struct {
	before         int64 // the snapshot that stood; 0: nothing was loaded
	refreshedToday bool  // remoteness was worked out for the same day
	landed         bool  // there is another one now
	everything     bool  // any unit may be touched
	compared       bool  // what was said of the units before is kept, to be compared at the end
	shapes         bool  // how they were drawn before is kept
}

// beginTouching is called before anything changes.
func (im *importing) beginTouching(ctx context.Context) error {
	if err := im.all(ctx, "touch"); err != nil {
		return err
	}
	if err := im.tx.QueryRow(ctx, importQuery("snapshot_before"), im.arguments).Scan(&im.touched.before, &im.touched.refreshedToday); err != nil {
		return err
	}
	im.touched.everything = im.touched.before == 0
	moving := []string{"units", "successions", "designations", "addresses", "service_points", "teams", "team_service"}
	im.touched.compared = !im.touched.everything && !im.near() && // then it is said of what is looked at
		(im.draw != nil || slices.ContainsFunc(moving, func(table string) bool { return im.bundle.Has(bundle.TableNamed(table)) }))
	return im.keepState(ctx, "state_before")
}

// keepState keeps what is said of the units now in a temporary table, where it is to be compared.
func (im *importing) keepState(ctx context.Context, table string) error {
	if !im.touched.compared {
		return nil
	}
	_, err := im.exec(ctx, "create temporary table "+table+" on commit drop as\n"+importQuery("touch_state"))
	return err
}

// touch notes what the changed rows of a table touch. It is called before they are merged, because some have been elsewhere.
func (im *importing) touch(ctx context.Context, t *bundle.Table) error {
	into := im.targetOf(t.Name).into
	switch {
	case im.touched.everything || im.changed[into] == 0:
		return nil
	case into == "service": // its name stands beside every unit's figures
		im.touched.everything = true
		return nil
	}
	if err := im.all(ctx, "touch_"+into); err != nil || into != "team" || !im.near() {
		return err
	}
	var err error
	im.bases, err = im.touchedBases(ctx)
	return err
}

// landSnapshot writes down what the import has touched, and announces the new snapshot.
func (im *importing) landSnapshot(ctx context.Context, number int64) error {
	if number == im.touched.before {
		return nil
	}
	im.touched.landed = true
	if im.touched.compared && !im.touched.everything {
		if err := im.keepState(ctx, "state_after"); err != nil {
			return err
		}
		if err := im.all(ctx, "touch_difference"); err != nil {
			return err
		}
		if im.touched.shapes {
			if err := im.all(ctx, "touch_shape"); err != nil {
				return err
			}
		}
	}
	if !im.touched.everything {
		if err := im.analyze(ctx, "touched_team"); err != nil {
			return err
		}
		if err := im.all(ctx, "touch_team_period"); err != nil {
			return err
		}
		if err := im.analyze(ctx, "touched_unit", "touched_place"); err != nil {
			return err
		}
	}
	im.arguments["number"], im.arguments["everything"], im.arguments["most"] = number, im.touched.everything, mostTouched
	im.arguments["oldest"] = number - snapshotsKept
	if err := im.all(ctx, "snapshot_land", "snapshot_drop", "snapshot_unit_drop"); err != nil {
		return err
	}
	return tellSnapshot(ctx, im.tx, im.bundle.Meta.Province)
}
