package db

import (
	"context"
	"strings"

	"vunglom/bundle"
)

// derive brings everything that follows from the rows up to date, at the cost of what changed.
func (im *importing) derive(ctx context.Context) error {
	if err := im.rollUp(ctx); err != nil {
		return err
	}
	if err := im.checkStanding(ctx); err != nil {
		return err
	}
	serving := im.unitsChanged || im.changed["team"]+im.changed["team_service"] > 0
	if serving {
		if err := im.analyzeStored(ctx, "team", "team_service", "member"); err != nil {
			return err
		}
		im.arguments["all_teams"] = im.unitsChanged || im.touched.everything
		if err := im.all(ctx, "touch_team_period", "team_unit", "team_base", "team_period_drop", "team_period"); err != nil {
			return err
		}
		if err := im.analyzeStored(ctx, "team_period"); err != nil {
			return err
		}
	}
	if serving || im.changed["address"]+im.changed["service_point"]+im.changed["designation"] > 0 {
		if err := im.refreshRemoteness(ctx); err != nil {
			return err
		}
	}
	if im.unitsChanged {
		if err := im.all(ctx, "polygon_overlap_drop", "polygon_overlap", "polygon_hole_drop", "polygon_hole"); err != nil {
			return err
		}
		if err := im.drawShapes(ctx); err != nil {
			return err
		}
		if err := im.analyzeStored(ctx, "polygon_shape", "remoteness"); err != nil {
			return err
		}
	}
	return im.warn(ctx)
}

// checkStanding fails the bundle where it changed a unit so that rows which stood already, and which it did not put right,
// name a unit on a day on which that is no longer valid. No row of the bundle is wrong by itself.
func (im *importing) checkStanding(ctx context.Context) error {
	if im.journal.count(bundle.TableNamed("units")).Updated == 0 {
		return nil
	}
	dangling, err := verifyRule(ctx, im.tx, "reference", im.arguments)
	if err != nil || len(dangling) == 0 {
		return err
	}
	var details []string
	for _, d := range dangling {
		details = append(details, d.Detail)
	}
	return badInput("units: thời hạn mới của đơn vị làm những dòng đã có trỏ vào đơn vị không còn hiệu lực vào ngày của chúng (%s); sửa thời hạn, hoặc gửi kèm những dòng ấy đã sửa",
		"units: the units' new validity leaves rows that are stored already naming a unit on a day on which it is not valid (%s); correct the validity, or send those rows, corrected, in the same bundle",
		strings.Join(details, "; "))
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
	changed := int64(len(im.gone))
	for _, n := range im.changed {
		changed += n
	}
	m := im.bundle.Meta
	im.arguments["changed"] = changed > 0
	im.arguments["source"], im.arguments["licence"] = m.Source, m.Licence
	im.arguments["srid"], im.arguments["synthetic"] = m.SRID, m.Synthetic
	landed := Dataset{Province: m.Province}
	land := "dataset_land"
	if im.sent != nil { // which say nothing of the dataset
		land = "dataset_write"
	}
	if err := im.tx.QueryRow(ctx, importQuery(land), im.arguments).Scan(&landed.Snapshot); err != nil {
		return "", err
	}
	switch {
	case landed.Snapshot == im.touched.before:
	case im.sent != nil:
		if _, err := im.exec(ctx, importQuery("publish_due")); err != nil {
			return "", err
		}
		if err := im.tellSent(ctx); err != nil {
			return "", err
		}
	default:
		if err := im.publish(ctx); err != nil {
			return "", err
		}
	}
	return landed.Token(), im.landSnapshot(ctx, landed.Snapshot)
}

// tellSent tells of rows that were sent, where they may change anything that is told: reports, teams, or a count. What follows from them is the
// owner's to tell, as nobody else may write of it.
func (im *importing) tellSent(ctx context.Context) error {
	counts := im.recounted || im.deltas || im.staffed()
	if !counts && im.changed["report"] == 0 {
		return nil
	}
	if _, err := im.tx.Exec(ctx, owner); err != nil {
		return err
	}
	p := im.publishing()
	tell := p.tellReports
	if counts {
		tell = p.tellAlone
	}
	if err := tell(ctx); err != nil {
		return err
	}
	return im.act(ctx)
}

// staffed tells whether teams, whom they serve or who is in them changed.
func (im *importing) staffed() bool {
	return im.changed["team"]+im.changed["team_service"]+im.changed["member"] > 0
}

// publishing derives what is published from what the import left.
func (im *importing) publishing() *publishing {
	return &publishing{tx: im.tx, province: im.bundle.Meta.Province, erased: len(im.gone), recounted: im.recounted, deltas: im.deltas, staffed: im.staffed(), now: im.options.Now}
}

// fewDeltas is how many deltas are told of by themselves: many change nearly every unit on nearly every day, and comparing all is as fast, where they are
// counted anyway to be published.
const fewDeltas = 2000

// noteSince notes from which day on any count has changed, where the deltas say it, and whether they are so many that all is told anew.
func (im *importing) noteSince(ctx context.Context, p *publishing) error {
	if p.recounted {
		return nil
	}
	p.since = forever
	if !p.deltas {
		return nil
	}
	var since *int32
	var deltas int
	if err := im.tx.QueryRow(ctx, importQuery("delta_since")).Scan(&since, &deltas); err != nil {
		return err
	}
	if since != nil {
		p.since = day(*since)
	}
	p.recounted = deltas > fewDeltas
	return nil
}

// publish brings up to date what everybody may see.
func (im *importing) publish(ctx context.Context) error {
	defer im.step("publish", 0)(0)
	p := im.publishing()
	if err := im.noteSince(ctx, p); err != nil {
		return err
	}
	if _, err := p.run(ctx); err != nil {
		return err
	}
	return im.analyzeStored(ctx, "published", "published_day")
}
