package db

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

var (
	addressByKey  = query("address_by_key")
	addressPage   = query("address_page")
	addressCount  = query("address_count")
	addressStatus = query("address_status")
	addressUnits  = query("address_units")
)

// Status is how far a household has been reached.
type Status string

// The statuses (contract, Figures).
const (
	StatusGuided     Status = "GUIDED"
	StatusAttempted  Status = "ATTEMPTED"
	StatusNotVisited Status = "NOT_VISITED"
	StatusIneligible Status = "INELIGIBLE"
	StatusUnknown    Status = "UNKNOWN"
)

var allStatuses = []Status{StatusGuided, StatusAttempted, StatusNotVisited, StatusIneligible, StatusUnknown}

// Address is a digital address.
type Address struct {
	Province  string
	Scheme    string
	Code      string
	Kind      string
	Label     *string
	Longitude float64
	Latitude  float64
}

// Key returns the address's key.
func (a *Address) Key() AddressKey { return AddressKey{a.Province, a.Scheme, a.Code} }

// AddressKey identifies an address, across re-imports too.
type AddressKey struct{ Province, Scheme, Code string }

// AddressOnDay is an address and the day about which something is asked.
type AddressOnDay struct {
	AddressKey
	Day time.Time
}

// AddressUnits is where an address lies on a day; nil: in none.
type AddressUnits struct{ Commune, Hamlet *Unit }

// AddressFilter narrows a list of addresses.
type AddressFilter struct {
	Within *Ref
	Box    *Box
	Status []Status // any of them; none: all, and addresses without a status too
}

// AddressesByKey returns the addresses of those keys, in one statement; an unknown key is absent.
func (d *DB) AddressesByKey(ctx context.Context, keys []AddressKey) (map[AddressKey]Address, error) {
	provinces, schemes, codes := make([]string, len(keys)), make([]string, len(keys)), make([]string, len(keys))
	for i, k := range keys {
		provinces[i], schemes[i], codes[i] = k.Province, k.Scheme, k.Code
	}
	named := make([]string, len(keys))
	for i, k := range keys {
		named[i] = strings.Join([]string{k.Province, k.Scheme, k.Code}, "/")
	}
	var found []Address
	err := d.readPersons(ctx, reading{"address", map[string]any{"addresses": named}}, func(d *DB) (_ int, err error) {
		found, err = ask[Address](ctx, d, addressByKey, pgx.StrictNamedArgs{"provinces": provinces, "schemes": schemes, "codes": codes})
		return len(found), err
	})
	if err != nil {
		return nil, err
	}
	answer := make(map[AddressKey]Address, len(found))
	for _, a := range found {
		answer[a.Key()] = a
	}
	return answer, nil
}

// addressList names lists of addresses in their cursors.
const addressList = "address"

// args returns the arguments of the filter on a day, checked.
func (f *AddressFilter) args(ctx context.Context, d *DB, day time.Time) (pgx.StrictNamedArgs, error) {
	for _, s := range f.Status {
		if !slices.Contains(allStatuses, s) {
			return nil, badInput("không có trạng thái %q", "there is no status %q", string(s))
		}
	}
	args := pgx.StrictNamedArgs{"statuses": append([]Status{}, f.Status...)}
	if err := addBox(args, f.Box); err != nil {
		return nil, err
	}
	return args, d.addWithin(ctx, args, f.Within, day)
}

// Addresses returns a page of addresses, by province, scheme and code. Its total is a statement of its own, which
// costs what it counts: page.SkipTotal leaves it out. Errors: BAD_INPUT for the page, the box or a status, and those of UnitByRef for Within.
func (d *DB) Addresses(ctx context.Context, filter AddressFilter, day time.Time, page PageArgs) (Page[Address], error) {
	var province, scheme, code string
	if err := page.start(addressList, &province, &scheme, &code); err != nil {
		return Page[Address]{}, err
	}
	args, err := filter.args(ctx, d, day)
	if err != nil {
		return Page[Address]{}, err
	}
	args["after_province"], args["after_scheme"], args["after_code"], args["take"] = province, scheme, code, page.First+1
	var found []Address
	var answer Page[Address]
	err = d.readPersons(ctx, filter.reading("addresses", day), func(d *DB) (int, error) {
		if found, err = ask[Address](ctx, d, addressPage, args); err != nil {
			return 0, err
		}
		if len(found) > page.First {
			found, answer.More = found[:page.First], true
		}
		if !page.SkipTotal {
			delete(args, "after_province")
			delete(args, "after_scheme")
			delete(args, "after_code")
			delete(args, "take")
			answer.Total, err = d.addressTotal(ctx, args)
		}
		return len(found), err
	})
	if err != nil {
		return Page[Address]{}, err
	}
	answer.Items = found
	for _, a := range found {
		answer.Cursors = append(answer.Cursors, cursor(addressList, a.Province, a.Scheme, a.Code))
	}
	return answer, nil
}

// reading is a list of the filter's addresses as the audit log has it.
func (f *AddressFilter) reading(entry string, day time.Time) reading {
	r := reading{entry, map[string]any{}}.addUnit(f.Within).addDay("asOf", day).addBox(f.Box)
	if len(f.Status) > 0 {
		r.filter["status"] = f.Status
	}
	return r
}

// addressTotal is how many addresses a filter holds, for readPersons.
func (d *DB) addressTotal(ctx context.Context, args pgx.StrictNamedArgs) (int, error) {
	rows, err := d.query(ctx, addressCount, args)
	if err != nil {
		return 0, fmt.Errorf("db: %w", err)
	}
	n, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[int])
	if err != nil {
		return 0, fmt.Errorf("db: %w", err)
	}
	return n, nil
}

// addressOnDayArgs are the arguments of a statement about addresses on days: four arrays of one length.
func addressOnDayArgs(addresses []AddressOnDay) pgx.StrictNamedArgs {
	n := len(addresses)
	provinces, schemes, codes, days := make([]string, n), make([]string, n), make([]string, n), make([]time.Time, n)
	for i, a := range addresses {
		provinces[i], schemes[i], codes[i], days[i] = a.Province, a.Scheme, a.Code, a.Day
	}
	return pgx.StrictNamedArgs{"provinces": provinces, "schemes": schemes, "codes": codes, "days": days}
}

// partOf is a question about addresses that have been answered before, as the audit log has it: those are named there.
func partOf(entry string, addresses []AddressOnDay) reading {
	r := reading{entry, map[string]any{"addresses": len(addresses)}}
	if len(addresses) > 0 {
		r = r.addDay("asOf", addresses[0].Day)
	}
	return r
}

// AddressStatuses returns the status of each address on its day: of several households the most reached (GUIDED, then
// ATTEMPTED, NOT_VISITED, INELIGIBLE); without any, UNKNOWN for kind household and no entry for other kinds.
func (d *DB) AddressStatuses(ctx context.Context, addresses []AddressOnDay) (map[AddressOnDay]Status, error) {
	type row struct {
		Asked  int
		Status *Status
	}
	answer := make(map[AddressOnDay]Status, len(addresses))
	for _, part := range d.sameDay(ctx, addresses) {
		var found []row
		err := d.readPersons(ctx, partOf("address.status", part), func(d *DB) (_ int, err error) {
			found, err = ask[row](ctx, d, addressStatus, addressOnDayArgs(part))
			return len(found), err
		})
		if err != nil {
			return nil, err
		}
		for _, r := range found {
			if r.Status != nil {
				answer[part[r.Asked-1]] = *r.Status
			}
		}
	}
	return answer, nil
}

// AddressUnits returns where each address lies on its day. An address that lies nowhere is absent.
func (d *DB) AddressUnits(ctx context.Context, addresses []AddressOnDay) (map[AddressOnDay]AddressUnits, error) {
	answer := make(map[AddressOnDay]AddressUnits, len(addresses))
	for _, part := range d.sameDay(ctx, addresses) {
		var found []unitOfAsked
		err := d.readPersons(ctx, partOf("address.units", part), func(d *DB) (_ int, err error) {
			if found, err = ask[unitOfAsked](ctx, d, addressUnits, addressOnDayArgs(part)); err != nil {
				return 0, err
			}
			told := map[int]bool{} // of an address there may be two units
			for i := range found {
				told[found[i].Asked] = true
			}
			return len(told), nil
		})
		if err != nil {
			return nil, err
		}
		for i := range found {
			asked, unit := part[found[i].Asked-1], &found[i].Unit
			at := answer[asked]
			if unit.Level == LevelHamlet {
				at.Hamlet = unit
			} else {
				at.Commune = unit
			}
			answer[asked] = at
		}
	}
	return answer, nil
}
