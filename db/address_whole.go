package db

import (
	"context"
	"fmt"
	"iter"
	"time"
)

var addressWhole = query("address_whole")

// AddressRow is an address with what is known of it on a day.
type AddressRow struct {
	Address
	Status      *Status // nil: it is no household's
	CommuneCode *string // nil: it lies in none
	CommuneName *string // in full: "xã Khánh An"
	HamletCode  *string
	HamletName  *string
}

// Listing is what WholeAddresses reads, for HoldListing.
func (f *AddressFilter) Listing(day time.Time) *Listing {
	return &Listing{f.reading("export/addresses", day)}
}

// WholeAddresses returns every address of a filter on a day, in the order of Addresses, each as it comes: the list is
// never held as a whole, however long. The sequence ends with its first error: those of Addresses. Within Hold it is read by HoldListing alone.
func (d *DB) WholeAddresses(ctx context.Context, filter AddressFilter, day time.Time) iter.Seq2[*AddressRow, error] {
	return func(yield func(*AddressRow, error) bool) {
		args, err := filter.args(ctx, d, day)
		if err != nil {
			yield(nil, err)
			return
		}
		stopped := false
		err = d.streamPersons(ctx, filter.Listing(day).reading, func(d *DB) (n int, err error) {
			rows, err := d.query(ctx, addressWhole, args)
			if err != nil {
				return 0, err
			}
			defer rows.Close()
			for ; !stopped && rows.Next(); n++ {
				var a AddressRow
				err := rows.Scan(&a.Province, &a.Scheme, &a.Code, &a.Kind, &a.Label, &a.Longitude, &a.Latitude,
					&a.Status, &a.CommuneCode, &a.CommuneName, &a.HamletCode, &a.HamletName)
				if err != nil {
					return n, err
				}
				stopped = !yield(&a, nil)
			}
			rows.Close()
			return n, rows.Err()
		})
		if err != nil && !stopped {
			yield(nil, fmt.Errorf("db: %w", err))
		}
	}
}
