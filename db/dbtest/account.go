package dbtest

import (
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Account makes an account of the server that may sign in to the database of a URL and ask under none of the program's roles, and carries out
// statements for it, in which %s stands for its name. It returns the connection string of the account, and its name. The account is gone when the test ends.
func Account(tb testing.TB, url string, statements ...string) (own, name string) {
	tb.Helper()
	config, err := pgx.ParseConfig(url)
	if err != nil {
		tb.Fatalf("dbtest: %v", err)
	}
	name = "account_" + randomName()
	tb.Cleanup(func() {
		if err := run(url, "drop owned by "+name+"; drop role "+name); err != nil {
			tb.Errorf("dbtest: %v", err)
		}
	})
	for _, statement := range append([]string{"create role %s login password 'x'"}, statements...) {
		if err := run(url, fmt.Sprintf(statement, name)); err != nil {
			tb.Fatalf("dbtest: %v", err)
		}
	}
	return fmt.Sprintf("host=%s port=%d dbname=%s user=%s password=x sslmode=disable", config.Host, config.Port, config.Database, name), name
}
