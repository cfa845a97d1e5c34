package db

import (
	"context"
	"strings"

	"vunglom/bundle"

	"github.com/jackc/pgx/v5"
)

// stagePolygons brings the staged units' geometries to EPSG:4326, repairs what can be repaired (named in the journal)
// and rejects the rest.
func (im *importing) stagePolygons(ctx context.Context) error {
	if _, err := im.exec(ctx, importQuery("polygon_outside")); err != nil {
		return err
	}
	units := bundle.TableNamed("units")
	if err := im.dropRejected(ctx, units); err != nil {
		return err
	}
	transformed := im.frame.transform("ST_Force2D(ST_GeomFromWKB(s.geometry))")
	if _, err := im.exec(ctx, strings.ReplaceAll(importQuery("polygon_stage"), "TRANSFORMED", transformed)); err != nil {
		return err
	}
	if err := im.note(ctx, units, importQuery("polygon_repaired")); err != nil {
		return err
	}
	_, err := im.exec(ctx, importQuery("polygon_broken"))
	return err
}

// note puts what a statement finds into the journal as kept: it answers source, line, column, value, code, message.
func (im *importing) note(ctx context.Context, t *bundle.Table, sql string) error {
	rows, err := im.tx.Query(ctx, sql, im.arguments)
	if err != nil {
		return err
	}
	var source *int16
	var line *int64
	var value *string
	p := bundle.Problem{}
	_, err = pgx.ForEachRow(rows, []any{&source, &line, &p.Column, &value, &p.Code, &p.Message}, func() error {
		found := p
		found.Kept = true
		if source != nil {
			found.File, found.Line = im.journal.files[*source], *line
		}
		if value != nil {
			found.Value = *value
		}
		im.journal.add(t, found)
		return nil
	})
	return err
}
