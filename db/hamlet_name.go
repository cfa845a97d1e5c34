package db

import (
	"context"
	"strings"

	"vunglom/bundle"
)

// takeNames takes a hamlet's name for its code, in staged rows that are to be rejected because they declare a hamlet by no
// code: provinces have names more often than codes. The declared commune must have one hamlet of that name on the row's day.
func (im *importing) takeNames(ctx context.Context, t *bundle.Table, day string) error {
	of := strings.NewReplacer("STAGE", stageName(t), "DAY", day)
	for _, sql := range []string{
		of.Replace(importQuery("hamlet_named")),
		"update rejected r set message = n.message from hamlet_named n where r.col = 'hamlet_code' and n.file = r.file and n.line = r.line and n.message is not null",
		"delete from rejected r using hamlet_named n where r.col = 'hamlet_code' and n.file = r.file and n.line = r.line and n.code is not null",
		of.Replace("update STAGE s set hamlet_code = n.code from hamlet_named n where n.file = s.file and n.line = s.line and n.code is not null"),
	} {
		if _, err := im.exec(ctx, sql); err != nil {
			return err
		}
	}
	if err := im.dropRejected(ctx, t); err != nil {
		return err
	}
	if err := im.note(ctx, t, of.Replace(importQuery("hamlet_named_note"))); err != nil {
		return err
	}
	_, err := im.exec(ctx, "drop table hamlet_named")
	return err
}
