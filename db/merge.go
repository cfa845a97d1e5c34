package db

import (
	"context"
	"fmt"
	"strings"

	"vunglom/bundle"
)

// compare finds which staged rows are new or differ from what is stored, and keeps them, as rows of the store to be,
// in the temporary table change_<into>. The merge and everything derived start from there, so that rows which say
// nothing new cost one join. The derived columns that a target's table must have are filled in before merge.
func (im *importing) compare(ctx context.Context, t *bundle.Table, derived ...string) error {
	to := im.targetOf(t.Name)
	var makes, before, after []string
	for _, c := range to.columns {
		makes = append(makes, fmt.Sprintf("%s as %s, t.%s as old_%s", im.kept(t, c), c.name, c.name, c.name))
		before = append(before, "old_"+c.name)
		after = append(after, c.name)
	}
	extra := ""
	for _, d := range derived {
		extra += ", " + d
	}
	_, err := im.exec(ctx, fmt.Sprintf(`
		create temporary table change_%[1]s on commit drop as
		select file, line, is_new, %[2]s%[7]s
		from (select s.file, s.line, t.province is null as is_new, %[3]s
		      from %[4]s s %[5]s
		      left join %[1]s t on t.province = @province and %[6]s) c
		where is_new or (%[2]s) is distinct from (%[8]s)`,
		to.into, strings.Join(after, ", "), strings.Join(makes, ", "), stageName(t), to.join, strings.Join(to.key, " and "),
		extra, strings.Join(before, ", ")))
	if err != nil {
		return err
	}
	count := im.journal.count(t)
	err = im.tx.QueryRow(ctx, fmt.Sprintf("select count(*) filter (where is_new), count(*) filter (where not is_new) from change_%s", to.into)).
		Scan(&count.Inserted, &count.Updated)
	count.Unchanged = count.Read - count.Rejected - count.Inserted - count.Updated
	im.changed[to.into] = count.Inserted + count.Updated
	return err
}

// kept is a column's expression; where the row's file has no such column, an update keeps what is stored.
func (im *importing) kept(t *bundle.Table, c column) string {
	if c.from == "" || t.Columns[t.Index(c.from)].Required {
		return c.expr
	}
	return fmt.Sprintf("case when s.given & %d = 0 and t.province is not null then t.%s else %s end", 1<<t.Index(c.from), c.name, c.expr)
}

// merge brings a table's changes into the store: updates first, so that a validity that was shortened makes room for
// the one that follows.
func (im *importing) merge(ctx context.Context, t *bundle.Table, derived ...string) error {
	to := im.targetOf(t.Name)
	if im.changed[to.into] == 0 {
		return nil
	}
	var names, sets []string
	for _, c := range to.columns {
		names = append(names, c.name)
	}
	names = append(names, derived...)
	for _, n := range names {
		sets = append(sets, n+" = s."+n)
	}
	if im.journal.count(t).Updated > 0 {
		_, err := im.exec(ctx, fmt.Sprintf("update %[1]s t set %[2]s from change_%[1]s s where not s.is_new and t.province = @province and %[3]s",
			to.into, strings.Join(sets, ", "), strings.Join(to.changeKey(), " and ")))
		if err != nil {
			return err
		}
	}
	if im.journal.count(t).Inserted == 0 {
		return nil
	}
	_, err := im.exec(ctx, fmt.Sprintf("insert into %[1]s (province, %[2]s) select @province, %[2]s from change_%[1]s where is_new",
		to.into, strings.Join(names, ", ")))
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
