package db

import (
	"context"
	"crypto/sha256"

	"github.com/jackc/pgx/v5"

	"vunglom/bundle"
)

// erased are the identities of a province that no bundle brings back. Nil: there are none.
type erased struct {
	key      *erasureKey
	province string
	known    map[[sha256.Size]byte]bool
}

// readErased reads them, and their key, which is not asked for where nothing is erased.
func (d *DB) readErased(ctx context.Context, tx pgx.Tx, province string) (*erased, error) {
	rows, err := tx.Query(ctx, importQuery("erased"), pgx.StrictNamedArgs{"province": province})
	if err != nil {
		return nil, err
	}
	known := map[[sha256.Size]byte]bool{}
	var household, address []byte
	_, err = pgx.ForEachRow(rows, []any{&household, &address}, func() error {
		known[[sha256.Size]byte(household)] = true
		if address != nil {
			known[[sha256.Size]byte(address)] = true
		}
		return nil
	})
	if err != nil || len(known) == 0 {
		return nil, err
	}
	key, err := d.openErasureKey(ctx, tx, false)
	return &erased{key, province, known}, err
}

// leavesOut tells whether a row of a bundle is about an erased household. A row about the address of one loses its label.
func (e *erased) leavesOut(t *bundle.Table, r *bundle.Row) bool {
	if e == nil {
		return false
	}
	value := func(column string) string { return r.Values[t.Index(column)].Text }
	switch t.Name {
	case "households":
		return e.known[e.key.household(e.province, value("code"))]
	case "visits", "adoptions":
		return e.known[e.key.household(e.province, value("household_code"))]
	case "addresses":
		if label := &r.Values[t.Index("label")]; label.Known && e.known[e.key.address(e.province, value("scheme"), value("code"))] {
			*label = bundle.Value{}
		}
	}
	return false
}
