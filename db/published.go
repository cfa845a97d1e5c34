package db

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"vunglom/access"
)

var (
	coveragePublished   = query("coverage_published")
	publishedDayOfScope = query("published_day_of_scope")
)

// PublishedCoverage is what everybody may know of a unit: figures of a month end, on its own boundaries, from which no household
// can be told (package disclosure).
type PublishedCoverage struct {
	Day time.Time // the month end
	Coverage
}

// PublishedCoverage returns what is published of each unit on the last month end until its day, in one statement. Of a province that
// publishes nothing it is the day asked about: what is known are reports. Shares of fewer than two bases of households are
// null, and so is all that is never published. Errors: BAD_INPUT for a day before the first month end.
func (d *DB) PublishedCoverage(ctx context.Context, units []OnDay) (map[OnDay]PublishedCoverage, error) {
	type row struct {
		Asked                                     int
		Day, First                                *time.Time
		Base                                      *int
		Basis                                     Basis
		Guided, Attempted, NotVisited, Ineligible *int
		Unknown                                   *int
		Share, ShareLow, ShareHigh                *float64
		GapHouseholds                             *int
		Addresses, Teams, Members                 int
		HouseholdsPerMember                       *float64
		Enough, Stands                            *bool
	}
	args := onDayArgs(units)
	args["carried"] = nil
	found, err := ask[row](ctx, d, coveragePublished, args)
	if err != nil {
		return nil, err
	}
	answer := make(map[OnDay]PublishedCoverage, len(found))
	for _, r := range found {
		if r.Day == nil {
			return nil, notPublishedYet(*r.First)
		}
		c := PublishedCoverage{*r.Day, Coverage{Basis: r.Basis, Guided: r.Guided, Attempted: r.Attempted, NotVisited: r.NotVisited, Ineligible: r.Ineligible,
			Unknown: r.Unknown, Share: r.Share, ShareLow: r.ShareLow, ShareHigh: r.ShareHigh, GapHouseholds: r.GapHouseholds,
			Addresses: r.Addresses, Teams: r.Teams, Members: r.Members, HouseholdsPerMember: r.HouseholdsPerMember}}
		c.Note = publishedNote(*r.Day, r.Base, r.Basis, r.Enough != nil && *r.Enough, r.Stands != nil && *r.Stands)
		answer[units[r.Asked-1]] = c
	}
	return answer, nil
}

// publishedNote says why published figures are missing; nil: they are not.
func publishedNote(day time.Time, base *int, basis Basis, enough, stands bool) *string {
	var text string
	switch {
	case !stands:
		text = both("số liệu công bố là của ngày %[1]s, khi đơn vị không có hiệu lực", "the published figures are of %[1]s, when the unit is not valid", day.Format(time.DateOnly))
	case base == nil:
		return nil
	case basis == BasisNone:
		text = both("số liệu công bố được làm tròn theo bội số của %[1]d: đơn vị có ít hơn %[1]d hộ mỗi loại, hoặc không có", "published figures are rounded to multiples of %[1]d: the unit has fewer than %[1]d households of each kind, or none", *base)
	case !enough:
		text = both("không công bố tỷ lệ khi số hộ công bố dưới %[1]d", "no share is published of fewer than %[1]d published households", 2**base)
	default:
		return nil
	}
	return &text
}

func notPublishedYet(first time.Time) error {
	return badInput("số liệu cho mọi người là của cuối tháng, từ %[1]s: hãy hỏi ngày ấy hay một ngày sau đó", "figures for everybody are of month ends, from %[1]s on: ask about that day or a later one", first.Format(time.DateOnly))
}

// publishedDays are the month ends that are published; none: both are zero.
type publishedDays struct {
	First time.Time
	Last  time.Time // until the day asked about
}

// publishedDays returns the month ends that everybody is told of until a day, of a province or (empty) those of all provinces that
// publish any. Errors: BAD_INPUT for a day before the first.
func (d *DB) publishedDays(ctx context.Context, province string, day time.Time) (publishedDays, error) {
	found, err := ask[struct {
		Last, First *time.Time
		Before      bool
	}](ctx, d, publishedDayOfScope, pgx.StrictNamedArgs{"province": province, "day": day})
	switch {
	case err != nil:
		return publishedDays{}, err
	case found[0].First == nil:
		return publishedDays{}, nil
	case found[0].Before:
		return publishedDays{}, notPublishedYet(*found[0].First)
	}
	return publishedDays{*found[0].First, *found[0].Last}, nil
}

// publishedScope returns the days that everybody is told of who asks about a day and a unit, and refuses other boundaries. Where none
// is published, the last is the day itself: what is known are reports.
func (d *DB) publishedScope(ctx context.Context, within *Ref, day, boundaries time.Time) (publishedDays, error) {
	province := ""
	if within != nil {
		unit, err := d.UnitByRef(ctx, *within, day)
		if err != nil {
			return publishedDays{}, err
		}
		province = unit.Province
	}
	days, err := d.publishedDays(ctx, province, day)
	days.Last = orDay(days.Last, day)
	if err == nil && !boundaries.IsZero() && !boundaries.Equal(day) && !boundaries.Equal(days.Last) {
		err = RefuseExact(ctx, "boundariesAsOf")
	}
	return days, err
}

// RefuseExact says, as an access.Refusal, that what is asked for is not published: only who may see exact figures there is told.
func RefuseExact(ctx context.Context, what string) error {
	code := access.Unauthenticated
	if access.From(ctx).SignedIn() {
		code = access.Forbidden
	}
	return &access.Refusal{Code: code, Message: both(
		"%[1]s cần quyền xem số liệu chính xác của đơn vị: hãy đăng nhập bằng tài khoản có quyền ấy, hoặc bỏ %[1]s để nhận số liệu công bố",
		"%[1]s needs the right to see exact figures of the unit: sign in as who has it, or leave out %[1]s for published figures", what)}
}
