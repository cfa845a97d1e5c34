package db

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"vunglom/bundle"
	"vunglom/gis"

	"github.com/jackc/pgx/v5"
)

// A reference is a column of a table that names something which must exist. Its SQL speaks of the staged row as s.
type reference struct {
	column string // where the problem is shown, and the value
	named  string // SQL: is anything named at all
	absent string // SQL: what is named does not exist; plain NOT EXISTS, which PostgreSQL answers by a hash, not row by row
	saying string // SQL: the sentence
	name   string // SQL: the day on which a hamlet's name will do instead of its code; empty: none does
	code   string // of the problem; empty: reference
}

// unitReference is a reference to the unit of a level and code that is valid on the row's own day.
func unitReference(column, level, day string) reference {
	return reference{
		column: column,
		named:  fmt.Sprintf("s.%s is not null and %s is not null", column, level),
		absent: fmt.Sprintf("not exists (select from unit u where u.province = @province and u.level = %s and u.code = s.%s and u.valid @> %s)", level, column, day),
		saying: fmt.Sprintf("format('no %%s %%s is valid on %%s; correct it, or add that unit to units', %s, s.%s, %s)", level, column, day),
	}
}

// hamletReference is a unitReference to a hamlet, which may be named beside its commune's code. It comes last of its table's.
func hamletReference(day string) reference {
	r := unitReference("hamlet_code", "'hamlet'", day)
	r.name = day
	return r
}

// rowReference is a reference to a row of another table, by code.
func rowReference(column, table, what string) reference {
	return reference{
		column: column,
		named:  fmt.Sprintf("s.%s is not null", column),
		absent: fmt.Sprintf("not exists (select from %s t where t.province = @province and t.code = s.%s)", table, column),
		saying: fmt.Sprintf("format('no %s has the code %%s; correct it, or add that %s to the bundle', s.%s)", what, what, column),
	}
}

// householdReference looks at the bundle's households too, because they are merged after all tables have been read.
var householdReference = reference{
	column: "household_code",
	named:  "s.household_code is not null",
	absent: `not exists (select from household t where t.province = @province and t.code = s.household_code)
		and not exists (select from change_household t where t.code = s.household_code)`,
	saying: "format('no household has the code %s; correct it, or add that household to the bundle', s.household_code)",
}

// references lists what each table's rows must find. Tables are taken in the order of bundle.Tables, so what a row
// refers to is in the store or among the changes, or was rejected, when its turn comes. Units refer to each other: see check_unit_parent.
var references = map[string][]reference{
	"successions": {
		unitReference("from_code", "s.from_level", "(s.effective_on - 1)"),
		unitReference("to_code", "s.to_level", "s.effective_on"),
	},
	"designations": {unitReference("code", "s.level", "s.valid_from")},
	"addresses": {
		unitReference("commune_code", "'commune'", "coalesce(s.surveyed_on, @as_of::date)"),
		hamletReference("coalesce(s.surveyed_on, @as_of::date)"),
	},
	"service_points": {unitReference("commune_code", "'commune'", "coalesce(s.opened_on, @as_of::date)")},
	"targets": {
		{
			column: "level",
			named:  "s.code is not null and s.level is null",
			absent: "true",
			saying: "format('no level says what %s is; write it, or leave the code empty too for the whole province', s.code)",
		},
		unitReference("code", "s.level", "coalesce(s.due_on, @as_of::date)"),
		{
			column: "measure",
			named:  "s.measure <> 'guided'",
			absent: "not exists (select from service t where t.province = @province and t.code = s.measure)",
			saying: "format('%s is neither guided nor the code of a service; correct it, or add that service to the bundle', s.measure)",
		},
	},
	"teams": {unitReference("unit_code", "s.level", "s.established_on")},
	"team_service": {
		rowReference("team_code", "team", "team"),
		unitReference("unit_code", "s.level", "s.from_on"),
	},
	"members": {rowReference("team_code", "team", "team")},
	"households": {
		{
			column: "address_code",
			named:  "s.address_code is not null or s.address_scheme is not null",
			absent: `not exists (select from address t where t.province = @province and t.scheme = s.address_scheme and t.code = s.address_code)
				and not exists (select from change_address t where t.scheme = s.address_scheme and t.code = s.address_code)`,
			saying: "format('no address is %s/%s; correct both columns, or add that address to the bundle', s.address_scheme, s.address_code)",
		},
		unitReference("commune_code", "'commune'", "s.registered_on"),
		hamletReference("s.registered_on"),
	},
	"visits": {
		householdReference,
		rowReference("team_code", "team", "team"),
	},
	"adoptions": {
		householdReference,
		rowReference("service_code", "service", "service"),
	},
	"reports": {unitReference("unit_code", "s.level", "s.as_of")},
}

// check rejects the staged rows of a table that break a rule, and names each.
func (im *importing) check(ctx context.Context, t *bundle.Table) error {
	if im.staged[t] == 0 {
		return nil
	}
	if err := im.rejectDuplicates(ctx, t); err != nil {
		return err
	}
	within := im.within()
	if within { // before anything stored is looked at that may be elsewhere: of that nothing is told
		if err := im.rejectUnfound(ctx, t); err != nil {
			return err
		}
	}
	if t.Period[1] != "" && t.Name != "reports" { // a report's dates are what it is about, not its validity
		if err := im.keepPeriods(ctx, t); err != nil {
			return err
		}
		if err := im.rejectEmptyPeriods(ctx, t); err != nil {
			return err
		}
	}
	if t.Point {
		if err := im.rejectPoints(ctx, t); err != nil {
			return err
		}
	}
	if t.Name == "units" {
		return im.checkUnits(ctx, t)
	}
	if t.Name == "reports" {
		if _, err := im.exec(ctx, importQuery("check_report_count")); err != nil {
			return err
		}
	}
	if within {
		return im.dropRejected(ctx, t)
	}
	return im.rejectUnfound(ctx, t)
}

// rejectUnfound rejects the rows of which something that they name is not there.
func (im *importing) rejectUnfound(ctx context.Context, t *bundle.Table) error {
	for _, r := range im.references(t) {
		found, err := im.exec(ctx, fmt.Sprintf(`
			insert into rejected (file, line, col, value, code, message)
			select s.file, s.line, '%s', s.%s, '%s', %s
			from %s s where (%s) and %s`,
			r.column, r.column, cmp.Or(r.code, "reference"), r.saying, stageName(t), r.named, r.absent))
		if err != nil {
			return err
		}
		if r.name != "" && found > 0 {
			if err := im.takeNames(ctx, t, r.name); err != nil {
				return err
			}
		}
	}
	return im.dropRejected(ctx, t)
}

// periods says how the store keeps the period of a table whose file may lack one of its ends: first and last day.
var periods = map[string][2]string{
	"units":          {"lower(t.valid)", "upper(t.valid)"},
	"service_points": {"lower(t.open)", "upper(t.open)"},
	"teams":          {"lower(t.active)", "upper(t.active)"},
	"team_service":   {"lower(t.served)", "upper(t.served)"},
	"members":        {"lower(t.joined)", "upper(t.joined)"},
	"households":     {"t.registered_on", "t.ended_on"},
	"adoptions":      {"t.adopted_on", "t.ended_on"},
}

// keepPeriods fills in the first or last day of rows whose file has no such column with what is stored, before the
// period is checked as a whole.
func (im *importing) keepPeriods(ctx context.Context, t *bundle.Table) error {
	kept, some := periods[t.Name]
	if !some { // a designation's period is part of what tells it from others: another period is another designation
		return nil
	}
	to := im.targetOf(t.Name)
	for i, stored := range kept {
		bit := uint32(1) << t.Index(t.Period[i])
		if im.given[t]&bit != 0 {
			continue
		}
		_, err := im.exec(ctx, fmt.Sprintf(`update %s s set %s = %s from %s t where s.given & %d = 0 and t.province = @province and %s`,
			stageName(t), t.Period[i], stored, to.into, bit, strings.Join(to.key, " and ")))
		if err != nil {
			return err
		}
	}
	return nil
}

// rejectEmptyPeriods rejects rows that end on the day they begin: periods are half-open, so such a row is valid on no
// day, and a range without a day has no place to keep its dates in. Households and adoptions keep their two dates as
// they are: such a one is kept, and counts on no day.
func (im *importing) rejectEmptyPeriods(ctx context.Context, t *bundle.Table) error {
	ends := "<="
	if t.Name == "households" || t.Name == "adoptions" {
		ends = "<"
	}
	_, err := im.exec(ctx, fmt.Sprintf(`
		insert into rejected (file, line, col, value, code, message)
		select file, line, '%[3]s', %[3]s::text, 'bad_range',
		       case when %[2]s = %[3]s
		         then format('it ends on the day it begins (%%s), and the last day no longer counts, so it is never valid; give a later %[3]s, or leave the row out', %[2]s)
		         else format('%[3]s %%s, as it is stored, is before %[2]s %%s; give both', %[3]s, %[2]s) end
		from %[1]s where %[3]s %[4]s %[2]s`, stageName(t), t.Period[0], t.Period[1], ends))
	if err != nil {
		return err
	}
	return im.dropRejected(ctx, t)
}

// checkUnits rejects units whose geometry can't be used, whose validity overlaps that of another unit with the same
// level and code, or whose parent is nothing; the last again and again, because a rejected parent takes its children
// with it.
func (im *importing) checkUnits(ctx context.Context, t *bundle.Table) error {
	if _, err := im.exec(ctx, "create index on stage_units (level, code)"); err != nil { // the checks compare units of one code
		return err
	}
	if err := im.stagePolygons(ctx); err != nil {
		return err
	}
	if err := im.dropRejected(ctx, t); err != nil {
		return err
	}
	if _, err := im.exec(ctx, importQuery("check_unit_derived")); err != nil {
		return err
	}
	if err := im.dropRejected(ctx, t); err != nil {
		return err
	}
	for _, name := range []string{"check_unit_overlap", "check_unit_parent"} {
		for {
			tag, err := im.exec(ctx, importQuery(name))
			if err != nil {
				return err
			}
			if err := im.dropRejected(ctx, t); err != nil {
				return err
			}
			if tag == 0 {
				break
			}
		}
	}
	return nil
}

// rejectPoints rejects positions outside Vietnam, and says so where swapping x and y would bring them in.
func (im *importing) rejectPoints(ctx context.Context, t *bundle.Table) error {
	f := im.frame
	_, err := im.exec(ctx, fmt.Sprintf(`
		insert into rejected (file, line, col, value, code, message)
		select file, line, 'lon', lon || ', ' || lat,
		       case when swapped then 'swapped_axes' else 'outside_vietnam' end,
		       case when swapped
		         then format('%%s, %%s lies outside Vietnam, but %%s, %%s does not: the axes are swapped; x (easting, longitude) goes into lon', lon, lat, lat, lon)
		         else format('%%s, %%s is outside longitude 102-118, latitude 6-24; check the number and the bundle''s srid (EPSG:%[3]d)', lon, lat) end
		from (select s.file, s.line, s.lon, s.lat, %[4]s as outside, %[5]s as swapped from %[1]s s where s.lon is not null and s.lat is not null) s
		where outside
		union all
		select s.file, s.line, case when lon is null then 'lon' else 'lat' end, null, 'required',
		       'a position needs both lon and lat; give the other one, or neither'
		from %[1]s s where (lon is null) <> (lat is null)`,
		stageName(t), "", f.srid, "not "+f.inside("s.lon", "s.lat"), f.inside("s.lat", "s.lon")))
	if err != nil {
		return err
	}
	return im.dropRejected(ctx, t)
}

// inside is the SQL that tells whether x, y lies in Vietnam. The case keeps the transform from coordinates it fails on.
func (f *frame) inside(x, y string) string {
	vietnam := func(x, y string) string {
		return fmt.Sprintf("(%s between %v and %v and %s between %v and %v)", x, gis.West, gis.East, y, gis.South, gis.North)
	}
	if f.srid == geographic {
		return vietnam(x, y)
	}
	p := f.transform(fmt.Sprintf("ST_MakePoint(%s, %s)", x, y))
	return fmt.Sprintf("(case when %s between @minimum_x and @maximum_x and %s between @minimum_y and @maximum_y then %s else false end)",
		x, y, vietnam("ST_X("+p+")", "ST_Y("+p+")"))
}

// exec runs a statement with the import's arguments and returns how many rows it touched.
func (im *importing) exec(ctx context.Context, sql string) (int64, error) {
	tag, err := im.tx.Exec(ctx, sql, im.arguments)
	return tag.RowsAffected(), err
}

// arguments are what an import's statements may bind, by name.
func (im *importing) bind() {
	m := im.bundle.Meta
	im.arguments = pgx.NamedArgs{
		"province": m.Province, "as_of": m.AsOfTime(), "today": im.options.Today, "now": im.options.Now, "refreshed": false, "gone": im.gone,
		"frame": im.frame.source, "minimum_x": im.frame.minimumX, "minimum_y": im.frame.minimumY,
		"maximum_x": im.frame.maximumX, "maximum_y": im.frame.maximumY,
		"west": gis.West, "south": gis.South, "east": gis.East, "north": gis.North,
	}
}
