package db

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"vunglom/disclosure"
)

var publicationAll = query("publication_all")

// Publication is how a province's figures are published: what everybody may see.
type Publication struct {
	Province string
	Base     int        // figures are multiples of it
	First    *time.Time // the first of the month ends; nil: none is published
	Last     *time.Time // the last
}

// Publications returns one a province, by code.
func (d *DB) Publications(ctx context.Context) ([]Publication, error) {
	return ask[Publication](ctx, d, publicationAll, nil)
}

// SetBase publishes a province anew, in multiples of another base (see disclosure.CheckBase). It is another snapshot, because figures
// that everybody sees change. Errors: BAD_INPUT for the base, NOT_FOUND for the province.
func (d *DB) SetBase(ctx context.Context, province string, base int) error {
	if err := disclosure.CheckBase(base); err != nil {
		return badInput("bội số công bố là %d; phải từ %d đến %d", "the base is %d; it must be %d to %d", base, disclosure.LeastBase, disclosure.MostBase)
	}
	return pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, owner); err != nil {
			return err
		}
		if err := lockProvince(ctx, tx, province); err != nil {
			return err
		}
		var loaded bool
		if err := tx.QueryRow(ctx, "select exists (select from dataset where province = $1)", province).Scan(&loaded); err != nil {
			return err
		}
		if !loaded {
			return notFound("chưa nạp tỉnh mã %q; hãy xem datasets", "no province with code %q is loaded; see datasets", province)
		}
		// The ends of what a figure may be are multiples of its base: of two bases of which one divides the other none tells more than the
		// smaller one alone, of any others both together may tell the count.
		var current int
		if err := tx.QueryRow(ctx, "select coalesce((select base from publication where province = $1), $2)", province, base).Scan(&current); err != nil {
			return err
		}
		if base%current != 0 {
			return badInput("bội số công bố của tỉnh %[1]s là %[2]d; chỉ đổi được sang bội của nó: hai lần làm tròn khác nhau có thể để lộ con số thật",
				"the base of province %[1]s is %[2]d, and may be changed to a multiple of that only: two roundings by other bases may tell the count", province, current)
		}
		changed, err := tx.Exec(ctx, importQuery("publish_base"), pgx.StrictNamedArgs{"province": province, "base": base})
		if err != nil || changed.RowsAffected() == 0 {
			return err
		}
		p := publishing{tx: tx, province: province}
		if _, err := p.run(ctx); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, importQuery("publish_snapshot"), pgx.StrictNamedArgs{"province": province, "now": time.Now()}); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "select pg_notify($1, $2)", snapshotChannel, province)
		return err
	})
}

// lockProvince lets one import or publication of a province happen at a time, until the transaction ends.
func lockProvince(ctx context.Context, tx pgx.Tx, province string) error {
	_, err := tx.Exec(ctx, "select pg_advisory_xact_lock(hashtextextended('vunglom import ' || $1, 0))", province)
	return err
}

// publishMissing publishes the provinces that nobody has published, because a program imported them that did not.
func publishMissing(ctx context.Context, conn *pgx.Conn) error {
	return eachMissing(ctx, conn, "publish_missing", func(ctx context.Context, p *publishing) error {
		_, err := p.run(ctx)
		return err
	})
}

// eachMissing does for each province that a statement answers what a program that imported it has not done.
func eachMissing(ctx context.Context, conn *pgx.Conn, statement string, do func(context.Context, *publishing) error) error {
	rows, err := conn.Query(ctx, importQuery(statement))
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	provinces, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	for _, province := range provinces {
		err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
			if err := lockProvince(ctx, tx, province); err != nil {
				return err
			}
			return do(ctx, &publishing{tx: tx, province: province, recounted: true})
		})
		if err != nil {
			return fmt.Errorf("publish province %s: %w", province, err)
		}
	}
	return nil
}
