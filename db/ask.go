package db

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// ask runs a statement of query/ and collects its rows, column by name.
func ask[T any](ctx context.Context, d *DB, statement statement, args pgx.StrictNamedArgs) ([]T, error) {
	rows, err := d.query(ctx, statement, args)
	if err != nil {
		return nil, fmt.Errorf("db: %w", err)
	}
	answer, err := pgx.CollectRows(rows, pgx.RowToStructByName[T])
	if err != nil {
		return nil, fmt.Errorf("db: %w", err)
	}
	return answer, nil
}

// askPages runs a statement of query/ whose rows collectPages understands.
func askPages[T any](ctx context.Context, d *DB, statement statement, args pgx.StrictNamedArgs, pages, first int,
	cursorOf func(*T) string) ([]Page[T], error) {
	rows, err := d.query(ctx, statement, args)
	if err != nil {
		return nil, fmt.Errorf("db: %w", err)
	}
	answer, err := collectPages(rows, pages, first, cursorOf)
	if err != nil {
		return nil, fmt.Errorf("db: %w", err)
	}
	return answer, nil
}

// keyArgs are the arguments of a statement about units: two arrays of one length.
func keyArgs(keys []Key) pgx.StrictNamedArgs {
	provinces, ids := make([]string, len(keys)), make([]int64, len(keys))
	for i, k := range keys {
		provinces[i], ids[i] = k.Province, k.ID
	}
	return pgx.StrictNamedArgs{"provinces": provinces, "ids": ids}
}

// onDayArgs are the arguments of a statement about units on days: three arrays of one length.
func onDayArgs(units []OnDay) pgx.StrictNamedArgs {
	provinces, ids, days := make([]string, len(units)), make([]int64, len(units)), make([]time.Time, len(units))
	for i, u := range units {
		provinces[i], ids[i], days[i] = u.Province, u.ID, u.Day
	}
	return pgx.StrictNamedArgs{"provinces": provinces, "ids": ids, "days": days}
}

// onBoundariesArgs are the arguments of a statement about units on days and boundaries: four arrays of one length.
func onBoundariesArgs(units []OnBoundaries) pgx.StrictNamedArgs {
	days, boundaries := make([]OnDay, len(units)), make([]time.Time, len(units))
	for i, u := range units {
		days[i], boundaries[i] = u.OnDay, u.Boundaries
	}
	args := onDayArgs(days)
	args["boundaries"] = boundaries
	return args
}

// addScope adds the arguments of figure_of_scope: figures about a day of the units of a level on the boundaries of another
// day (zero: of the same), in a unit of those boundaries or in everything.
func (d *DB) addScope(ctx context.Context, args pgx.StrictNamedArgs, level Level, within *Ref, day, boundaries time.Time) error {
	boundaries = orDay(boundaries, day)
	if err := d.addWithin(ctx, args, within, boundaries); err != nil {
		return err
	}
	args["level"], args["day"], args["boundary"], args["carried"] = string(level), day, boundaries, nil
	if boundaries.Equal(day) {
		return nil
	}
	datasets, err := d.Datasets(ctx)
	if err != nil {
		return err
	}
	var redrawings []redrawing
	for _, s := range datasets {
		if only := args["province"]; only == "" || only == s.Province {
			redrawings = append(redrawings, redrawing{s.Province, level, 0, day, boundaries})
		}
	}
	args["carried"], err = d.carry(ctx, redrawings)
	return err
}

// orDay is a day, or another where it is zero.
func orDay(day, otherwise time.Time) time.Time {
	if day.IsZero() {
		return otherwise
	}
	return day
}

// addWithin adds the arguments of a scope: a unit on a day, or everything.
func (d *DB) addWithin(ctx context.Context, args pgx.StrictNamedArgs, within *Ref, day time.Time) error {
	args["province"], args["within"], args["within_level"], args["day"] = "", int64(0), "", day
	if within == nil {
		return nil
	}
	unit, err := d.UnitByRef(ctx, *within, day)
	if err != nil {
		return err
	}
	args["province"], args["within"], args["within_level"] = unit.Province, unit.ID, string(unit.Level)
	return nil
}

// addBox adds the arguments of an envelope; all null where there is none.
func addBox(args pgx.StrictNamedArgs, box *Box) error {
	args["west"], args["south"], args["east"], args["north"] = nil, nil, nil, nil
	if box == nil {
		return nil
	}
	if !(box.West >= -180 && box.West <= box.East && box.East <= 180 && box.South >= -90 && box.South <= box.North && box.North <= 90) {
		return badInput("khung (%g, %g, %g, %g) không hợp lệ: cần tây ≤ đông trong −180…180 và nam ≤ bắc trong −90…90",
			"box (%g, %g, %g, %g) is not valid: west ≤ east within −180…180 and south ≤ north within −90…90 are needed",
			box.West, box.South, box.East, box.North)
	}
	args["west"], args["south"], args["east"], args["north"] = box.West, box.South, box.East, box.North
	return nil
}

func (p Position) check() error {
	if !(p.Longitude >= -180 && p.Longitude <= 180 && p.Latitude >= -90 && p.Latitude <= 90) {
		return badInput("vị trí (%g, %g) không hợp lệ: kinh độ −180…180, vĩ độ −90…90",
			"position (%g, %g) is not valid: longitude −180…180, latitude −90…90", p.Longitude, p.Latitude)
	}
	return nil
}

func (l Level) check() error {
	if l.rank() > 3 {
		return badInput("không có cấp %q", "there is no level %q", string(l))
	}
	return nil
}
