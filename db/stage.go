package db

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"vunglom/bundle"

	"github.com/jackc/pgx/v5"
)

// stageType is how a bundle's column is held in its temporary table.
var stageType = map[bundle.Type]string{
	bundle.Text:     `text`,
	bundle.Code:     `text collate "C"`,
	bundle.Integer:  `integer`,
	bundle.Number:   `double precision`,
	bundle.Date:     `date`,
	bundle.Geometry: `bytea`,
}

// stageName is the temporary table that a bundle's table is read into.
func stageName(t *bundle.Table) string { return "stage_" + t.Name }

// createStage makes the temporary table: where the row stands, which of its columns its file has, and its columns.
// Names and types come from bundle.Tables alone, never from a file.
func createStage(ctx context.Context, tx pgx.Tx, t *bundle.Table) error {
	var ddl strings.Builder
	fmt.Fprintf(&ddl, "create temporary table %s (file smallint not null, line bigint not null, given integer not null", stageName(t))
	for _, c := range t.Columns {
		fmt.Fprintf(&ddl, ", %s %s", c.Name, stageType[c.Type])
	}
	ddl.WriteString(") on commit drop")
	_, err := tx.Exec(ctx, ddl.String())
	return err
}

// stage streams a table's rows into its temporary table and returns how many were read. What is wrong with a row goes
// to the journal; a row that was rejected is not staged.
func (im *importing) stage(ctx context.Context, t *bundle.Table) error {
	if err := createStage(ctx, im.tx, t); err != nil {
		return err
	}
	count := im.journal.count(t)
	if !im.bundle.Has(t) {
		return nil
	}
	done := im.step("read "+t.Name, im.bundle.Size(t))
	w := startCopy(ctx, im.tx, stageName(t))
	var staged int64
	taken := []string{} // the codes of erased households
	given := ^uint32(0)
	identities := &im.identities
	identities.begin(t, im.bundle.Size(t))
	read, err := im.bundle.Rows(ctx, t, func(r *bundle.Row) error {
		if im.erased.leavesOut(t, r) && !im.sent.finds(t) {
			switch {
			case im.sent == nil:
				count.Erased++
				return nil
			case !im.sent.within:
				im.journal.add(t, im.sent.problemOfGone(r))
				return nil
			}
			taken = append(taken, r.Values[t.Index("code")].Text) // it is staged, and fails every check that one elsewhere fails
		}
		staged++
		given &= r.Given
		identities.add(r)
		appendRow(w, t, r, im.journal.source(r.File))
		if staged&0xfff == 0 {
			done(staged)
		}
		return w.flush()
	}, func(p bundle.Problem) { im.journal.add(t, p) })
	if err != nil {
		w.abandon(err)
		return err
	}
	if err := w.finish(); err != nil {
		return err
	}
	count.Read = read - count.Erased
	im.arguments["taken"] = taken
	im.staged[t], im.given[t], im.twice[t] = staged, given, identities.twice
	if staged > 1000 {
		return im.analyze(ctx, stageName(t))
	}
	return nil
}

func appendRow(w *copyWriter, t *bundle.Table, r *bundle.Row, source int16) {
	w.row(3 + len(t.Columns))
	w.int2(source)
	w.int8(r.Line)
	w.int4(int32(r.Given))
	for i := range t.Columns {
		v := &r.Values[i]
		if !v.Known {
			w.null()
			continue
		}
		switch t.Columns[i].Type {
		case bundle.Text, bundle.Code:
			w.text(v.Text)
		case bundle.Integer:
			w.int4(int32(v.Integer))
		case bundle.Number:
			w.float8(v.Number)
		case bundle.Date:
			w.date(v.Integer)
		case bundle.Geometry:
			w.bytes(v.Bytes)
		}
	}
}

// identityOf is the SQL that shows a staged row's identity, as in "dia_chi_so/9600000001".
func identityOf(t *bundle.Table, alias string) string {
	parts := make([]string, len(t.Identity))
	for i, c := range t.Identity {
		parts[i] = alias + "." + c
	}
	return "concat_ws('/', " + strings.Join(parts, ", ") + ")"
}

// rejectDuplicates rejects every staged row whose identity an earlier one has: the first stands. Most bundles have none,
// which was mostly seen while they were read; numbering the rows costs as much as reading them.
func (im *importing) rejectDuplicates(ctx context.Context, t *bundle.Table) error {
	if !im.twice[t] {
		return nil
	}
	identity := strings.Join(t.Identity, ", ")
	column := "code"
	if !slices.Contains(t.Identity, column) {
		column = t.Identity[len(t.Identity)-1]
	}
	_, err := im.tx.Exec(ctx, fmt.Sprintf(`
		insert into rejected (file, line, col, value, code, message)
		select s.file, s.line, '%[4]s', %[3]s, 'duplicate',
		       format('%%s stands already in %%s line %%s, which is kept; remove or change one of the two', %[3]s, f.name, s.first_line)
		from (select *, row_number() over w as place, first_value(line) over w as first_line, first_value(file) over w as first_file
		      from %[1]s window w as (partition by %[2]s order by file, line)) s
		join source_file f on f.file = s.first_file
		where s.place > 1`, stageName(t), identity, identityOf(t, "s"), column))
	if err != nil {
		return err
	}
	return im.dropRejected(ctx, t)
}

// dropRejected moves what the checks put into the temporary table `rejected` to the journal and takes those rows out
// of the stage. A row that several checks reject is counted once and named for each.
func (im *importing) dropRejected(ctx context.Context, t *bundle.Table) error {
	rows, err := im.tx.Query(ctx, "select file, line, col, value, code, message from rejected order by file, line, col")
	if err != nil {
		return err
	}
	var any bool
	_, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (struct{}, error) {
		var source int16
		var p bundle.Problem
		var value *string
		if err := row.Scan(&source, &p.Line, &p.Column, &value, &p.Code, &p.Message); err != nil {
			return struct{}{}, err
		}
		if value != nil {
			p.Value = *value
		}
		p.File = im.journal.files[source]
		im.journal.add(t, p)
		any = true
		return struct{}{}, nil
	})
	if err != nil || !any {
		return err
	}
	_, err = im.tx.Exec(ctx, fmt.Sprintf(`delete from %s s using rejected r where r.file = s.file and r.line = s.line`, stageName(t)))
	if err != nil {
		return err
	}
	_, err = im.tx.Exec(ctx, "truncate rejected")
	return err
}
