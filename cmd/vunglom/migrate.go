package main

import (
	"context"
	"errors"
	"fmt"
)

type migrateCommand struct{}

// Run brings the database to this version's schema.
func (migrateCommand) Run(ctx context.Context, settings *Settings, to *streams) (err error) {
	st, err := settings.connect(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.close(ctx)) }()
	if err := st.Migrate(ctx); err != nil {
		return err
	}
	fmt.Fprintln(to.err, "Lược đồ đã là bản mới nhất. · The schema is this version's.")
	return nil
}
