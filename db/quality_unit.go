package db

import "context"

var qualityChallengeUnit = query("quality_challenge_unit")

// QualityUnit is a unit with what had been disputed in it by the end of a day.
type QualityUnit struct {
	Unit
	Open     int // neither accepted nor rejected by then
	Accepted int
	Rejected int
}

// qualityUnitList names lists of units with what is disputed in them, in their cursors.
const qualityUnitList = "quality unit"

// Of returns what a kind of QualityKinds counts in the unit, and out of how much, as Quality does; false: it is no kind of challenges.
func (u *QualityUnit) Of(kind string) (count, outOf int, is bool) {
	resolved := u.Accepted + u.Rejected
	switch kind {
	case "challenge_open":
		return u.Open, u.Open + resolved, true
	case "challenge_accepted":
		return u.Accepted, resolved, true
	case "challenge_rejected":
		return u.Rejected, resolved, true
	}
	return 0, 0, false
}

// QualityUnits returns a page of the units of a level in which anything had been disputed by the end of the query's day, by code and province; its
// kinds and months say nothing here. What lies in no unit of the level is in none of them.
// Errors: BAD_INPUT for the page and the level, and those of UnitByRef for Within.
func (d *DB) QualityUnits(ctx context.Context, q QualityQuery, level Level, page PageArgs) (Page[QualityUnit], error) {
	var none Page[QualityUnit]
	var code, province string
	if err := page.start(qualityUnitList, &code, &province); err != nil {
		return none, err
	}
	if err := level.check(); err != nil {
		return none, err
	}
	args := map[string]any{"level": level, "after_code": code, "after_province": province, "take": page.First + 1}
	if err := d.addWithin(ctx, args, q.Within, q.Day); err != nil {
		return none, err
	}
	pages, err := askPages(ctx, d, qualityChallengeUnit, args, 1, page.First, func(u *QualityUnit) string {
		return cursor(qualityUnitList, u.Code, u.Province)
	})
	if err != nil {
		return none, err
	}
	return pages[0], nil
}
