package db

import (
	"context"
	"fmt"

	"vunglom/bundle"
)

// inScope is the SQL that tells whether a place lies in the units of who writes.
const inScope = "= any ((select scope_place())::bigint[])"

// references lists what a table's rows must find. Who writes of some units only finds the households and addresses of these, and
// is told of others as of such that there are not.
func (im *importing) references(t *bundle.Table) []reference {
	within, ends := im.within(), im.sent != nil && im.sent.ends
	if !within && !ends {
		return references[t.Name]
	}
	stored := reference{
		column: "code",
		named:  "true",
		absent: "not exists (select from household t where t.province = @province and t.code = s.code)",
		saying: "format('no household has the code %s; correct it, or register that household', s.code)",
	}
	if !within {
		return append([]reference{stored}, references[t.Name]...)
	}
	var list []reference
	switch {
	case ends:
		stored.absent = "not exists (select from household t where t.province = @province and t.code = s.code and t.place_id " + inScope + ")"
		list = append(list, stored)
	case t.Name == "households":
		list = append(list, reference{
			column: "code",
			// Who was erased is nobody's to find out by guessing: the code is taken as one elsewhere is.
			named:  "s.code = any (@taken::text[]) or exists (select from household t where t.province = @province and t.code = s.code and not t.place_id " + inScope + ")",
			absent: "true",
			saying: "format('the code %s is that of a household elsewhere; use another one', s.code)",
			code:   outOfScope,
		})
	case t.Name == "visits":
		list = append(list, reference{
			column: "code",
			named: `exists (select from visit t join household h on h.province = @province and h.code = t.household_code
				where t.province = @province and t.code = s.code and not h.place_id ` + inScope + ")",
			absent: "true",
			saying: "format('the code %s is that of a visit elsewhere; use another one', s.code)",
			code:   outOfScope,
		})
	}
	for _, r := range references[t.Name] {
		switch r.column {
		case "household_code":
			r.absent = "not exists (select from household t where t.province = @province and t.code = s.household_code and t.place_id " + inScope + ")"
		case "address_code":
			r.absent = "not exists (select from address t where t.province = @province and t.scheme = s.address_scheme and t.code = s.address_code and t.place_id " + inScope + ")"
		}
		if im.sent == nil && (r.column == "household_code" || r.column == "address_code") {
			r.code = outOfScope
			r.saying = fmt.Sprintf("format('nothing of the %s %%s lies in the units that scope.units names; correct it, or name its unit', s.%[1]s)", r.column)
		}
		list = append(list, r)
	}
	return list
}

// within tells whether households, and what is told of them, must lie in some units.
func (im *importing) within() bool {
	return len(im.options.Units) > 0 || im.sent != nil && im.sent.within
}

// outOfScope is the code of a row about what lies outside of the units of who writes it.
const outOfScope = "out_of_scope"

// rejectOutside rejects households that would live outside of the units of who writes them, now that it is known where.
func (im *importing) rejectOutside(ctx context.Context) error {
	if !im.within() || im.changed["household"] == 0 {
		return nil
	}
	found, err := im.exec(ctx, importQuery("household_outside"))
	if err != nil || found == 0 {
		return err
	}
	t := bundle.TableNamed("households")
	count := im.journal.count(t)
	if err := im.tx.QueryRow(ctx, importQuery("household_kept")).Scan(&count.Inserted, &count.Updated); err != nil {
		return err
	}
	im.changed["household"] = count.Inserted + count.Updated
	return im.dropRejected(ctx, t)
}
