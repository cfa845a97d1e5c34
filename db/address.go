package db

import (
	"context"
	"time"
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
	return nil, nil
}

// Addresses returns a page of addresses, by province, scheme and code.
// Errors: BAD_INPUT for the page or the box, and those of UnitByRef for Within.
func (d *DB) Addresses(ctx context.Context, filter AddressFilter, day time.Time, page PageArgs) (Page[Address], error) {
	return Page[Address]{}, nil
}

// AddressStatuses returns the status of each address on its day: of several households the most reached (GUIDED, then
// ATTEMPTED, NOT_VISITED, INELIGIBLE); without any, UNKNOWN for kind household and no entry for other kinds.
func (d *DB) AddressStatuses(ctx context.Context, addresses []AddressOnDay) (map[AddressOnDay]Status, error) {
	return nil, nil
}

// AddressUnits returns where each address lies on its day. An address that lies nowhere is absent.
func (d *DB) AddressUnits(ctx context.Context, addresses []AddressOnDay) (map[AddressOnDay]AddressUnits, error) {
	return nil, nil
}
