package db

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

var (
	carriedOfUnit = query("carried_of_unit")
	reportAtLevel = query("report_at_level")
)

// redrawing is a unit of a level (0: every one) on a day, looked at on the boundaries of another.
type redrawing struct {
	Province        string
	Level           Level
	UnitID          int64
	Day, Boundaries time.Time
}

// carried is what reports on the units of one day say of a unit of another (carried_of_unit.sql).
type carried struct {
	Province    string
	UnitID      int64
	Day         time.Time
	Boundary    time.Time
	Guided      *int // households; nil: can't be carried
	Share       *float64
	Apportioned *float64
	Reports     int      // it is the sum of parts of so many reports
	Parts       int      // the units of Day that have ground in it
	Without     []string // those of them of which nothing is known
}

// note says why a figure, or its share, is unknown; nil: nothing to say.
func (c *carried) note() *string {
	var text string
	switch {
	case len(c.Without) > 0:
		const named = 3
		names := strings.Join(c.Without[:min(named, len(c.Without))], ", ")
		if more := len(c.Without) - named; more > 0 {
			names += fmt.Sprintf(" (+%d)", more)
		}
		text = both("vào ngày %[1]s không có số liệu nào về %[2]s, nơi có một phần địa bàn của đơn vị này; không cộng một phần chưa biết như là 0",
			"nothing is known on %[1]s of %[2]s, of which this unit has a part; an unknown part is not added as 0", c.Day.Format(time.DateOnly), names)
	case c.Parts == 0:
		text = both("không biết vào ngày %[1]s địa bàn này thuộc đơn vị nào: không có địa chỉ hộ, và không có một đơn vị duy nhất mà nó kế tục",
			"nothing tells to which unit its ground belonged on %[1]s: no household address, and no single unit that it continued", c.Day.Format(time.DateOnly))
	case c.Reports > 1:
		text = both("tổng của phần chia từ %[1]d báo cáo; tỷ lệ của chúng có mẫu số riêng nên không tính trung bình",
			"the sum of parts of %[1]d reports; their shares stand on bases of their own and are not averaged", c.Reports)
	default:
		return nil
	}
	return &text
}

// both is a sentence in Vietnamese and in English.
func both(vi, en string, args ...any) string {
	return fmt.Sprintf(vi, args...) + " / " + fmt.Sprintf(en, args...)
}

// reported returns those redrawings for which there is any report to carry over: planning the statement that carries them
// takes longer than a map of communes.
func (d *DB) reported(ctx context.Context, redrawings []redrawing) (left []redrawing, err error) {
	provinces, levels, days := make([]string, len(redrawings)), make([]string, len(redrawings)), make([]time.Time, len(redrawings))
	for i, r := range redrawings {
		provinces[i], levels[i], days[i] = r.Province, string(r.Level), r.Day
	}
	found, err := ask[struct{ Number int }](ctx, d, reportAtLevel, pgx.StrictNamedArgs{"provinces": provinces, "levels": levels, "days": days})
	for _, f := range found {
		left = append(left, redrawings[f.Number-1])
	}
	return left, err
}

// carry reads the reported figures of other boundaries as the argument @carried of figure_of_unit; nil: there are none.
func (d *DB) carry(ctx context.Context, redrawings []redrawing) (any, error) {
	redrawings, err := d.reported(ctx, redrawings)
	if err != nil || len(redrawings) == 0 {
		return nil, err
	}
	n := len(redrawings)
	provinces, levels, ids, days, boundaries := make([]string, n), make([]string, n), make([]int64, n), make([]time.Time, n), make([]time.Time, n)
	for i, r := range redrawings {
		provinces[i], levels[i], ids[i], days[i], boundaries[i] = r.Province, string(r.Level), r.UnitID, r.Day, r.Boundaries
	}
	found, err := ask[carried](ctx, d, carriedOfUnit, pgx.StrictNamedArgs{
		"provinces": provinces, "levels": levels, "ids": ids, "days": days, "boundaries": boundaries, "carried": nil,
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	type figure struct {
		Province    string   `json:"province"`
		Unit        int64    `json:"unit_id"`
		Day         string   `json:"day"`
		Boundary    string   `json:"boundary"`
		Guided      *int     `json:"guided"`
		Share       *float64 `json:"share"`
		Apportioned *float64 `json:"apportioned"`
		Parts       int      `json:"parts"`
		Note        *string  `json:"note"`
	}
	figures := make([]figure, len(found))
	for i := range found {
		c := &found[i]
		figures[i] = figure{c.Province, c.UnitID, c.Day.Format(time.DateOnly), c.Boundary.Format(time.DateOnly), c.Guided, c.Share, c.Apportioned, c.Parts, c.note()}
	}
	text, err := json.Marshal(figures)
	if err != nil {
		return nil, fmt.Errorf("db: carried figures: %w", err)
	}
	return string(text), nil
}
