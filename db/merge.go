package db

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"vunglom/bundle"
)

// compare finds which staged rows are new or differ from what is stored, and keeps them, as rows of the store to be,
// in the temporary table change_<into>. The merge and everything derived start from there, so that rows which say
// nothing new cost one join.
func (im *importing) compare(ctx context.Context, t *bundle.Table) error {
	to := im.targetOf(t.Name)
	count := im.journal.count(t)
	var empty bool
	err := im.tx.QueryRow(ctx, fmt.Sprintf("select not exists (select from %s where province = @province)", to.into), im.arguments).Scan(&empty)
	if err != nil {
		return err
	}
	if empty && to.join == "" && (!t.Point || im.frame.srid == geographic) {
		im.changed[to.into] = count.Read - count.Rejected
		count.Inserted = im.changed[to.into]
		return im.takeAll(ctx, t, to)
	}
	var makes, before, after []string
	for _, c := range to.columns {
		makes = append(makes, fmt.Sprintf("%s as %s, t.%s as old_%s", im.orCorrected(t, c, im.kept(t, c)), c.name, c.name, c.name))
		before = append(before, "old_"+c.name)
		after = append(after, c.name)
	}
	_, err = im.exec(ctx, fmt.Sprintf(`
		create temporary table change_%[1]s on commit drop as
		select file, line, is_new, %[2]s
		from (select s.file, s.line, t.province is null as is_new, %[3]s
		      from %[4]s s %[5]s
		      left join %[1]s t on t.province = @province and %[6]s%[8]s) c
		where is_new or (%[2]s) is distinct from (%[7]s)`,
		to.into, strings.Join(after, ", "), strings.Join(makes, ", "), stageName(t), to.join, strings.Join(to.key, " and "),
		strings.Join(before, ", "), im.joinCorrected(t)))
	if err != nil {
		return err
	}
	if err := im.noteCorrected(ctx, t, to); err != nil {
		return err
	}
	err = im.tx.QueryRow(ctx, fmt.Sprintf("select count(*) filter (where is_new), count(*) filter (where not is_new) from change_%s", to.into)).
		Scan(&count.Inserted, &count.Updated)
	count.Unchanged = count.Read - count.Rejected - count.Inserted - count.Updated
	im.changed[to.into] = count.Inserted + count.Updated
	if err != nil {
		return err
	}
	return im.analyze(ctx, "change_"+to.into)
}

// eachChange hands out the lines of a table's rows that are new or different, before they are merged. Like all statements over change_<into> this one is
// made here and stands in no file: PostgreSQL takes no table's name as a parameter, and its columns are the contract's.
func (im *importing) eachChange(ctx context.Context, t *bundle.Table, take func(line int64, isNew bool)) error {
	rows, err := im.tx.Query(ctx, "select line, is_new from change_"+im.targetOf(t.Name).into)
	if err != nil {
		return err
	}
	var line int64
	var isNew bool
	_, err = pgx.ForEachRow(rows, []any{&line, &isNew}, func() error {
		take(line, isNew)
		return nil
	})
	return err
}

// takeAll is compare for a table that has no row of the province yet: every staged row is new, so they need not be
// written once more to be looked at. A view binds nothing, which is why rows that must be joined or transformed are.
func (im *importing) takeAll(ctx context.Context, t *bundle.Table, to target) error {
	var makes []string
	for _, c := range to.columns {
		makes = append(makes, c.expr+" as "+c.name)
	}
	_, err := im.tx.Exec(ctx, fmt.Sprintf("create temporary view change_%s as select s.file, s.line, true as is_new, %s from %s s",
		to.into, strings.Join(makes, ", "), stageName(t)))
	im.views = append(im.views, "change_"+to.into)
	return err
}

// dropViews takes the views away that takeAll made: unlike tables they would outlive the transaction.
func (im *importing) dropViews(ctx context.Context) error {
	for _, view := range im.views {
		if _, err := im.tx.Exec(ctx, "drop view "+view); err != nil {
			return err
		}
	}
	return nil
}

// kept is a column's expression; where the row's file has no such column, an update keeps what is stored.
func (im *importing) kept(t *bundle.Table, c column) string {
	if c.from == "" || t.Columns[t.Index(c.from)].Required {
		return c.expr
	}
	return fmt.Sprintf("case when s.given & %d = 0 and t.province is not null then t.%s else %s end", 1<<t.Index(c.from), c.name, c.expr)
}

// located is what joins the changed rows c of a table to their places d, in a column place_id.
var located = map[string]string{
	"address":   "join located d on d.scheme = c.scheme and d.code = c.code",
	"household": "join household_place d on d.code = c.code",
}

// merge brings a table's changes into the store: updates first, so that a validity that was shortened makes room for
// the one that follows.
func (im *importing) merge(ctx context.Context, t *bundle.Table) error {
	to := im.targetOf(t.Name)
	if im.changed[to.into] == 0 {
		return nil
	}
	var names, values, sets []string
	for _, c := range to.columns {
		names, values = append(names, c.name), append(values, "c."+c.name)
	}
	join := located[to.into]
	if join != "" {
		names, values = append(names, "place_id"), append(values, "d.place_id")
	}
	for _, n := range names {
		sets = append(sets, n+" = s."+n)
	}
	changes := fmt.Sprintf("select c.is_new, %s from change_%s c %s", strings.Join(values, ", "), to.into, join)
	if im.journal.count(t).Updated > 0 {
		_, err := im.exec(ctx, fmt.Sprintf("update %s t set %s from (%s) s where not s.is_new and t.province = @province and %s",
			to.into, strings.Join(sets, ", "), changes, strings.Join(to.changeKey(), " and ")))
		if err != nil {
			return err
		}
	}
	if im.journal.count(t).Inserted == 0 {
		return nil
	}
	_, err := im.exec(ctx, fmt.Sprintf("insert into %[1]s (province, %[2]s) select @province, %[2]s from (%[3]s) s where is_new",
		to.into, strings.Join(names, ", "), changes))
	return err
}

// changeKey is the key's conditions over the change table, whose columns are the store's.
func (to target) changeKey() []string {
	switch to.into {
	case "unit":
		return []string{"t.level = s.level", "t.code = s.code", "lower(t.valid) = lower(s.valid)"}
	case "designation":
		return append(equal("level", "code", "scheme", "value"), "t.valid = s.valid")
	case "target":
		return equal("measure", "share", "level", "code", "due_on")
	}
	return to.key
}
