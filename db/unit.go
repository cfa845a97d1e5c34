package db

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

var (
	unitByRef      = query("unit_by_ref")
	unitByID       = query("unit_by_id")
	unitByIdentity = query("unit_by_identity")
	unitAncestors  = query("unit_ancestors")
)

// Unit is an administrative unit of one time.
type Unit struct {
	Province   string // with ID its Key
	ID         int64
	Level      Level
	Code       string
	Name       string // "Khánh An"
	FullName   string // "xã Khánh An"
	Kind       string
	ValidFrom  time.Time
	ValidTo    *time.Time // the first day on which it is no longer valid; nil while it stands
	Population *int
	Households *int // as the bundle says, not a count

	// DerivedFrom is how many addresses the unit's polygon was derived from; nil: it was drawn, or there is none.
	DerivedFrom *int
}

// Key returns the unit's key.
func (u *Unit) Key() Key { return Key{u.Province, u.ID} }

// Identity returns what tells the unit from every other.
func (u *Unit) Identity() Identity { return Identity{u.Province, u.Level, u.Code, u.ValidFrom} }

// Identity is what tells one unit from another across re-imports, for global ids.
type Identity struct {
	Province  string
	Level     Level
	Code      string
	ValidFrom time.Time
}

// UnitByRef returns the unit of that level and code that is valid on a day.
// Errors: NOT_FOUND; BAD_INPUT when two provinces have it, with the spellings that tell them apart.
func (d *DB) UnitByRef(ctx context.Context, ref Ref, day time.Time) (Unit, error) {
	if err := ref.Level.check(); err != nil {
		return Unit{}, err
	}
	province, code, _ := strings.Cut(ref.Code, "/")
	found, err := ask[Unit](ctx, d, unitByRef, pgx.StrictNamedArgs{
		"level": string(ref.Level), "code": ref.Code, "province": province, "code_in_province": code, "day": day,
	})
	if err != nil {
		return Unit{}, err
	}
	return ref.among(found, day)
}

// among returns the one of the units found under a ref that it means.
func (ref Ref) among(found []Unit, day time.Time) (Unit, error) {
	// A code may itself have a stroke: what is written in full comes before what is written with a province.
	exact := found[:0:0]
	for _, u := range found {
		if u.Code == ref.Code {
			exact = append(exact, u)
		}
	}
	if len(exact) > 0 {
		found = exact
	}
	switch len(found) {
	case 0:
		return Unit{}, ref.missing(day)
	case 1:
		return found[0], nil
	}
	spellings := make([]string, len(found))
	for i, u := range found {
		spellings[i] = u.Province + "/" + u.Code
	}
	return Unit{}, badInput("mã %q có ở nhiều tỉnh; hãy viết một trong: %s", "code %q is used in several provinces; write one of: %s",
		ref.Code, strings.Join(spellings, ", "))
}

// districtsUntil is the day from which there are no districts any more (Law 72/2025/QH15).
var districtsUntil = time.Date(2025, time.July, 1, 0, 0, 0, 0, time.UTC)

// missing says that there is no such unit on a day, and what may be wrong with the question.
func (ref Ref) missing(day time.Time) error {
	hintVi, hintEn := "mã đổi theo thời gian, hãy xem lại mã và asOf", "codes change with time: check the code and asOf"
	if ref.Level == LevelDistrict && !day.Before(districtsUntil) {
		hintVi, hintEn = "cấp huyện đã bỏ từ ngày 2025-07-01, hãy cho asOf một ngày trước đó", "districts ended on 2025-07-01: give a day before that as asOf"
	}
	return notFound("không có đơn vị cấp %[1]s mã %[3]q vào ngày %[4]s; %[5]s", "there is no %[2]s with code %[3]q on %[4]s; %[6]s",
		ref.Level.inVietnamese(), string(ref.Level), ref.Code, day.Format(time.DateOnly), hintVi, hintEn)
}

// UnitsByID returns the units of those keys, in one statement; an unknown key is absent.
func (d *DB) UnitsByID(ctx context.Context, keys []Key) (map[Key]Unit, error) {
	found, err := ask[Unit](ctx, d, unitByID, keyArgs(keys))
	if err != nil {
		return nil, err
	}
	answer := make(map[Key]Unit, len(found))
	for _, u := range found {
		answer[u.Key()] = u
	}
	return answer, nil
}

// UnitsByIdentity returns the units of those identities, in one statement; an unknown one is absent.
func (d *DB) UnitsByIdentity(ctx context.Context, identities []Identity) (map[Identity]Unit, error) {
	n := len(identities)
	provinces, levels, codes, firsts := make([]string, n), make([]string, n), make([]string, n), make([]time.Time, n)
	for i, id := range identities {
		provinces[i], levels[i], codes[i], firsts[i] = id.Province, string(id.Level), id.Code, id.ValidFrom
	}
	found, err := ask[Unit](ctx, d, unitByIdentity, pgx.StrictNamedArgs{
		"provinces": provinces, "levels": levels, "codes": codes, "firsts": firsts,
	})
	if err != nil {
		return nil, err
	}
	answer := make(map[Identity]Unit, len(found))
	for _, u := range found {
		answer[u.Identity()] = u
	}
	return answer, nil
}

// unitOfAsked is a unit that answers the question of that number, from 1.
type unitOfAsked struct {
	Asked int
	Unit
}

// Ancestors returns the units above each unit on its day, nearest first. For a day outside the unit's validity they
// are those of its nearest day: the first, or the last. A unit with none is absent.
func (d *DB) Ancestors(ctx context.Context, units []OnDay) (map[OnDay][]Unit, error) {
	found, err := ask[unitOfAsked](ctx, d, unitAncestors, onDayArgs(units))
	if err != nil {
		return nil, err
	}
	answer := make(map[OnDay][]Unit, len(units))
	for _, u := range found {
		asked := units[u.Asked-1]
		answer[asked] = append(answer[asked], u.Unit)
	}
	return answer, nil
}
