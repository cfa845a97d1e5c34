package db

import (
	"context"
	"embed"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

//go:embed query/verify/*.sql
var verifyFiles embed.FS

// Breach is a rule that what is stored does not keep.
type Breach struct {
	Province string
	Rule     string // the name of query/verify/NAME.sql, whose first line is the rule
	Says     string // the rule
	Detail   string // what breaks it
}

// mostBreaches is how many breaches of one rule are named; a last one tells how many there are.
const mostBreaches = 20

// Verify checks every rule over what is stored, each by a statement plainer than the one that wrote it: references,
// validity, where points lie (located anew), what became of units (from day to day), roll-ups (every change on every
// day counted anew over the raw rows, every total summed up), conservation between levels, what is published, remoteness (measured anew by
// PostGIS for some hamlets). It reads one snapshot and changes nothing.
func (d *DB) Verify(ctx context.Context, step func(name string, done, total int64)) ([]Breach, error) {
	files, err := verifyFiles.ReadDir("query/verify")
	if err != nil {
		return nil, err
	}
	var breaches []Breach
	err = pgx.BeginTxFunc(ctx, d.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead}, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, owner); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "set local work_mem = '128MB'"); err != nil {
			return err
		}
		datasets, err := verifiedDatasets(ctx, tx)
		if err != nil {
			return err
		}
		if len(datasets) == 0 { // then nothing else may be there
			breaches, err = verifyRule(ctx, tx, "dataset", pgx.NamedArgs{"province": ""})
			return err
		}
		done, total := int64(0), int64(len(files)*len(datasets))
		for _, arguments := range datasets {
			for _, f := range files {
				if step != nil {
					step("verify", done, total)
				}
				done++
				found, err := verifyRule(ctx, tx, strings.TrimSuffix(f.Name(), ".sql"), arguments)
				if err != nil {
					return fmt.Errorf("%s: %w", f.Name(), err)
				}
				breaches = append(breaches, found...)
			}
		}
		if step != nil {
			step("verify", total, total)
		}
		return nil
	})
	return breaches, err
}

// verifyRule runs one rule for one province. A rule's statement answers a line of text for each breach.
func verifyRule(ctx context.Context, tx pgx.Tx, name string, arguments pgx.NamedArgs) ([]Breach, error) {
	sql, err := verifyFiles.ReadFile("query/verify/" + name + ".sql")
	if err != nil {
		return nil, err
	}
	says, _, _ := strings.Cut(strings.TrimPrefix(string(sql), "-- "), "\n")
	rows, err := tx.Query(ctx, string(sql), arguments)
	if err != nil {
		return nil, err
	}
	var found []Breach
	count := 0
	var detail *string
	_, err = pgx.ForEachRow(rows, []any{&detail}, func() error {
		if count++; count <= mostBreaches && detail != nil {
			found = append(found, Breach{arguments["province"].(string), name, says, *detail})
		}
		return nil
	})
	if count > mostBreaches {
		found = append(found, Breach{arguments["province"].(string), name, says, fmt.Sprintf("and %d more", count-mostBreaches)})
	}
	return found, err
}

// verifiedDatasets answers the arguments of the rules for each province: its code and the day of its last refresh.
func verifiedDatasets(ctx context.Context, tx pgx.Tx) ([]pgx.NamedArgs, error) {
	rows, err := tx.Query(ctx, "select province, refreshed_on from dataset order by province")
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (pgx.NamedArgs, error) {
		var province string
		var refreshed time.Time
		err := row.Scan(&province, &refreshed)
		return pgx.NamedArgs{"province": province, "today": refreshed}, err
	})
}
