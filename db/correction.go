package db

import (
	"context"
	"fmt"
	"strings"

	"vunglom/bundle"
)

// What an accepted challenge corrected is not undone by a bundle that does not know of it: one that is as of a day before the decision, or that says
// again what was disputed. Then what stands is kept, field by field, and the report says so. A bundle of that day or later that says something else
// brings a newer fact, and wins, as what is sent row by row does.

// correctedField is a field that challenges correct.
type correctedField struct {
	name   string   // as correction has it
	column string   // of the bundle, under which the report shows it
	of     []string // the columns of the store that stand and fall with it
	says   string   // SQL: what the staged row s says, as text
	stands string   // SQL: what the stored row t says
}

// correctedFields are those of a table.
func (im *importing) correctedFields(t *bundle.Table) (what string, fields []correctedField) {
	if !im.corrected {
		return "", nil
	}
	switch t.Name {
	case "addresses":
		p := im.frame.point()
		return "address", []correctedField{
			{"kind", "kind", []string{"kind"}, "s.kind", "t.kind"},
			{"position", "lon", []string{"position", "surveyed_on"}, "ST_X(" + p + ")::text || ' ' || ST_Y(" + p + ")::text", "ST_X(t.position)::text || ' ' || ST_Y(t.position)::text"},
		}
	case "households":
		return "household", []correctedField{
			{"ended_on", "ended_on", []string{"ended_on"}, "s.ended_on::text", "t.ended_on::text"},
			{"address", "address_code", []string{"address_scheme", "address_code"}, "s.address_scheme || '/' || s.address_code", "t.address_scheme || '/' || t.address_code"},
		}
	}
	return "", nil
}

// readCorrected gathers what was corrected in the province, for a bundle.
func (im *importing) readCorrected(ctx context.Context) error {
	if im.sent != nil {
		return nil
	}
	n, err := im.exec(ctx, importQuery("corrected"))
	im.corrected = n > 0
	return err
}

// joinCorrected is the SQL that joins what was corrected of a table's rows, each field under its name.
func (im *importing) joinCorrected(t *bundle.Table) string {
	what, fields := im.correctedFields(t)
	var b strings.Builder
	for _, f := range fields {
		fmt.Fprintf(&b, " left join corrected k_%[1]s on k_%[1]s.what = '%[2]s' and k_%[1]s.field = '%[1]s' and k_%[1]s.code = s.code", f.name, what)
		if what == "address" {
			fmt.Fprintf(&b, " and k_%s.scheme = s.scheme", f.name)
		}
	}
	return b.String()
}

// keeps is the SQL that tells whether the staged row does not undo the correction of the field.
func (f *correctedField) keeps() string {
	return fmt.Sprintf("(k_%[1]s.code is not null and t.province is not null and (k_%[1]s.decided_on > @as_of::date or coalesce(%[2]s, '') = any(k_%[1]s.formers)))", f.name, f.says)
}

// orCorrected is a column's expression; where a challenge corrected the column and the row does not know of it, what is stored.
func (im *importing) orCorrected(t *bundle.Table, c column, expr string) string {
	_, fields := im.correctedFields(t)
	for _, f := range fields {
		for _, name := range f.of {
			if name == c.name {
				return fmt.Sprintf("case when %s then t.%s else %s end", f.keeps(), c.name, expr)
			}
		}
	}
	return expr
}

// noteCorrected says of which rows a correction was kept.
func (im *importing) noteCorrected(ctx context.Context, t *bundle.Table, to target) error {
	_, fields := im.correctedFields(t)
	for _, f := range fields {
		err := im.note(ctx, t, fmt.Sprintf(`
			select s.file, s.line, '%[1]s', %[2]s, 'corrected',
				format('challenge %%s corrected this on %%s, and what stands is kept; a bundle as of that day or later that says something else than was disputed changes it', k_%[3]s.challenge_id, k_%[3]s.decided_on)
			from %[4]s s join %[5]s t on t.province = @province and %[6]s%[7]s
			where %[8]s and s.given & %[9]d <> 0 and %[2]s is distinct from %[10]s
			order by s.file, s.line`,
			f.column, f.says, f.name, stageName(t), to.into, strings.Join(to.key, " and "), im.joinCorrected(t), f.keeps(), 1<<t.Index(f.column), f.stands))
		if err != nil {
			return err
		}
	}
	return nil
}
