package db

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/jackc/pgx/v5"

	"vunglom/access"
	"vunglom/disclosure"
)

var (
	publicationAll  = query("publication_all")
	publicationBase = query("publication_base")
	publicationSet  = query("publication_set")
)

// Publication is how a province's figures are published: what everybody may see.
type Publication struct {
	Province string
	Base     int        // figures are multiples of it
	First    *time.Time // the first of the month ends; nil: none is published
	Last     *time.Time // the last
}

// Publications returns one a province, by code: also of one whose base is set and that is not loaded yet.
func (d *DB) Publications(ctx context.Context) ([]Publication, error) {
	return ask[Publication](ctx, d, publicationAll, nil)
}

// SetBase has the figures of a province be multiples of another base (see disclosure.CheckBase), from its first import on where nothing of it is
// loaded yet. What is published is published anew: another snapshot, because figures that everybody sees change. It is for who answers for the
// province's personal data: the base is what hides households. It is an entry of the audit log. Errors: FORBIDDEN, BAD_INPUT for the province and the base.
func (d *DB) SetBase(ctx context.Context, province string, base int) error {
	everywhere, units := d.asks(ctx).Scope(access.Erasure)
	if !everywhere && !slices.Contains(units, access.Unit{Level: string(LevelProvince), Code: province}) {
		return forbidden("bội số công bố là của người quản trị cả tỉnh", "the base is for an administrator of the whole province")
	}
	if province == "" || len(province) > 100 || strings.ContainsFunc(province, unicode.IsControl) {
		return badInput("hãy cho mã tỉnh, như \"96\"", "name the province by its code, such as \"96\"")
	}
	if err := disclosure.CheckBase(base); err != nil {
		return badInput("bội số công bố là %d; phải từ %d đến %d", "the base is %d; it must be %d to %d", base, disclosure.LeastBase, disclosure.MostBase)
	}
	return d.setBase(ctx, province, base)
}

// setBase is SetBase for whoever has been let through.
func (d *DB) setBase(ctx context.Context, province string, base int) error {
	return pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if err := lockProvince(ctx, tx, province); err != nil {
			return err
		}
		set, err := d.storeBase(ctx, tx, province, base)
		if err != nil || !set {
			return refused(err)
		}
		if _, err := tx.Exec(ctx, owner); err != nil {
			return err
		}
		p := publishing{tx: tx, province: province}
		var loaded bool
		if err := tx.QueryRow(ctx, importQuery("publish_loaded"), p.arguments()).Scan(&loaded); err != nil || !loaded {
			return err
		}
		return p.publishAsSnapshot(ctx, time.Now())
	})
}

// storeBase stores the base under the database's role of who may, enters in the audit log what it was and is, and tells whether it was another.
//
// The ends of what a figure may be are multiples of its base: of two bases of which one divides the other none tells more than the
// smaller one alone, of any others both together may tell the count. That holds before the first import too: the row may come from
// a database of which figures were published.
func (d *DB) storeBase(ctx context.Context, tx pgx.Tx, province string, base int) (set bool, err error) {
	role, scope, err := d.roleOf(ctx, access.Erasure, nil)
	if err != nil {
		return false, err
	}
	if _, err := tx.Exec(ctx, actAs.sql, role, scope); err != nil {
		return false, err
	}
	before, err := baseBefore(ctx, tx, province)
	if err != nil || before != nil && *before == base {
		return false, err
	}
	if before != nil && base%*before != 0 {
		return false, badInput("bội số công bố của tỉnh %[1]s là %[2]d; chỉ đổi được sang bội của nó: hai lần làm tròn khác nhau có thể để lộ con số thật",
			"the base of province %[1]s is %[2]d, and may be changed to a multiple of that only: two roundings by other bases may tell the count", province, *before)
	}
	secret := make([]byte, 32)
	rand.Read(secret) // never fails
	if _, err := tx.Exec(ctx, publicationSet.sql, pgx.StrictNamedArgs{"province": province, "base": base, "secret": secret}); err != nil {
		return false, err
	}
	return true, enter(ctx, tx, d.asks(ctx), reading{"publish.base", map[string]any{"province": province, "base": base, "before": before}}, new(int))
}

// baseBefore is the base of a province's figures so far; nil: none is settled.
func baseBefore(ctx context.Context, tx pgx.Tx, province string) (*int, error) {
	rows, err := tx.Query(ctx, publicationBase.sql, pgx.StrictNamedArgs{"province": province})
	if err != nil {
		return nil, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[int])
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// publishAsSnapshot publishes what is stored: where any figure of it changes, that is another snapshot.
func (p *publishing) publishAsSnapshot(ctx context.Context, now time.Time) error {
	fresh, err := p.run(ctx)
	if err != nil || fresh == 0 {
		return err
	}
	if _, err := p.tx.Exec(ctx, importQuery("publish_snapshot"), pgx.StrictNamedArgs{"province": p.province, "now": now}); err != nil {
		return err
	}
	return tellSnapshot(ctx, p.tx, p.province)
}

// tellSnapshot announces a province's new snapshot: that arrives with the commit.
func tellSnapshot(ctx context.Context, tx pgx.Tx, province string) error {
	_, err := tx.Exec(ctx, importQuery("snapshot_tell"), pgx.StrictNamedArgs{"channel": snapshotChannel, "province": province})
	return err
}

// lockProvince lets one import or publication of a province happen at a time, until the transaction ends.
func lockProvince(ctx context.Context, tx pgx.Tx, province string) error {
	_, err := tx.Exec(ctx, importQuery("province_lock"), pgx.StrictNamedArgs{"province": province})
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
