package dbtest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"vunglom/db"
)

// serverVariable names the server that test databases are made in; its role must be allowed
// to create databases and the extensions of the schema.
const serverVariable = "VUNGLOM_TEST_DATABASE_URL"

// server returns the connection string of the server of this run, starting one for this
// process where none is named. Nothing stops that one by hand: it is tied to the process and
// leaves no folder behind.
var server = sync.OnceValues(func() (string, error) {
	if named := os.Getenv(serverVariable); named != "" {
		return named, nil
	}
	folder, err := os.MkdirTemp("", "vunglom-test-")
	if err != nil {
		return "", fmt.Errorf("test server: %w", err)
	}
	s, err := db.StartServer(context.Background(), db.ServerOptions{Folder: folder, Volatile: true})
	if err != nil {
		return "", fmt.Errorf("test server: %w", err)
	}
	return s.URL(), nil
})

var (
	templateOnce sync.Once
	templateName string
	templateErr  error
)

// template returns the name of the migrated database that test databases are copies of.
// The first process that asks makes it; its name follows the migrations, so that a server
// that outlives a run never serves an old schema.
func template(server string) (string, error) {
	templateOnce.Do(func() {
		templateName = "vunglom_template_" + db.MigrationHash()
		templateErr = makeTemplate(server, templateName)
	})
	return templateName, templateErr
}

func makeTemplate(server, name string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return fmt.Errorf("test server: %w", err)
	}
	defer conn.Close(ctx) // and with it the lock
	if _, err := conn.Exec(ctx, "select pg_advisory_lock(hashtext($1))", name); err != nil {
		return fmt.Errorf("test template: %w", err)
	}
	var exists bool
	if err := conn.QueryRow(ctx, "select exists (select from pg_database where datname = $1)", name).Scan(&exists); err != nil || exists {
		return err
	}
	fresh := name + "_new"
	for _, statement := range []string{"drop database if exists " + fresh, "create database " + fresh} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("test template: %w", err)
		}
	}
	url, err := withDatabase(server, fresh)
	if err != nil {
		return err
	}
	if err := db.Migrate(ctx, url); err != nil {
		return err
	}
	for _, statement := range []string{
		"alter database " + fresh + " with allow_connections false", // a connected template can't be copied
		"alter database " + fresh + " rename to " + name,
	} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("test template: %w", err)
		}
	}
	return nil
}

// withDatabase points a connection string at another database of the same server.
func withDatabase(server, name string) (string, error) {
	if !strings.Contains(server, "://") {
		return server + " dbname=" + name, nil // the last one stands
	}
	u, err := url.Parse(server)
	if err != nil {
		return "", fmt.Errorf("%s: %w", serverVariable, err)
	}
	u.Path = "/" + name
	return u.String(), nil
}
