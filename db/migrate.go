package db

import (
	"context"
	"crypto/sha256"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/tern/v2/migrate"
)

//go:embed migration/*.sql
var migrationFiles embed.FS

// ErrNotMigrated is returned, wrapped with both versions, for a database whose schema is
// older than the program's.
var ErrNotMigrated = errors.New("the database's schema is older than this program's")

// ErrNewer is returned, wrapped with both versions, for a database that belongs to a newer version of this program.
var ErrNewer = errors.New("the database belongs to a newer version of this program")

// versionTable says which migrations a database has had.
const versionTable = "public.schema_version"

// Migrate brings the database of a URL to the program's version of the schema. Each step is
// a transaction; two processes that migrate at once take turns. A database that a newer
// program has migrated is refused and left as it is. Then it publishes provinces that an
// older program has imported.
func Migrate(ctx context.Context, url string) error {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return fmt.Errorf("database URL: %w", err)
	}
	config.RuntimeParams["application_name"] = "vunglom"
	config.RuntimeParams["TimeZone"] = "UTC"
	return connected(ctx, config, migrateConn)
}

// Migrate is the same for the database of the pool.
func (d *DB) Migrate(ctx context.Context) error {
	return connected(ctx, d.pool.Config().ConnConfig, migrateConn)
}

// connected does something over a connection of its own, as who signed in: the pool has none where the roles are not there.
func connected(ctx context.Context, config *pgx.ConnConfig, do func(context.Context, *pgx.Conn) error) error {
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return do(ctx, conn)
}

func migrateConn(ctx context.Context, conn *pgx.Conn) error {
	files, err := fs.Sub(migrationFiles, "migration")
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	migrator, err := migrate.NewMigrator(ctx, conn, versionTable)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if err := migrator.LoadMigrations(files); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if _, err := conn.Exec(ctx, "set role none"); err != nil { // as who signed in, who owns the tables
		return fmt.Errorf("migrate: %w", err)
	}
	if err := makeRoles(ctx, conn); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	err = migrator.Migrate(ctx)
	var version migrate.BadVersionError
	if errors.As(err, &version) {
		return fmt.Errorf("the database belongs to a newer version of this program: %w", err)
	}
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if err := grantRoles(ctx, conn); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if err := publishMissing(ctx, conn); err != nil {
		return err
	}
	return tellMissing(ctx, conn)
}

// CheckSchema returns nil where the database has the program's version of the schema, and
// ErrNotMigrated where Migrate is still to run; ErrRolesMissing where the account may not ask under one of the roles: what needs
// that role is not answered.
func (d *DB) CheckSchema(ctx context.Context) error {
	err := d.pool.AcquireFunc(ctx, func(conn *pgxpool.Conn) error { return checkSchema(ctx, conn.Conn()) })
	if errors.Is(err, ErrRolesMissing) {
		return connected(ctx, d.pool.Config().ConnConfig, checkSchema) // which says whether it is a matter of migrating, and what to run
	}
	return err
}

func checkSchema(ctx context.Context, conn *pgx.Conn) error {
	entries, err := migrationFiles.ReadDir("migration")
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	var version int
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, owner); err != nil { // an old one grants nothing, though another of the server's has made the roles
			return err
		}
		return tx.QueryRow(ctx, schemaVersion.sql).Scan(&version)
	})
	var failure *pgconn.PgError
	if errors.As(err, &failure) && failure.Code == undefinedTable {
		return fmt.Errorf("%w (none, not %d)", ErrNotMigrated, len(entries))
	}
	switch {
	case err != nil:
		return fmt.Errorf("schema version: %w", err)
	case version < len(entries):
		return fmt.Errorf("%w (%d, not %d)", ErrNotMigrated, version, len(entries))
	case version > len(entries):
		return fmt.Errorf("%w (%d, not %d)", ErrNewer, version, len(entries))
	}
	return checkRoles(ctx, conn)
}

// undefinedTable is the SQLSTATE of a table that does not exist.
const undefinedTable = "42P01"

var schemaVersion = query("schema_version")

// MigrationHash names the schema that the program's migrations make: twelve hexadecimal
// digits that change with any of their bytes.
func MigrationHash() string {
	sum := sha256.New()
	entries, err := migrationFiles.ReadDir("migration")
	if err != nil {
		panic(fmt.Sprintf("db: %v", err)) // embedded: it was there when the program was built
	}
	for _, entry := range entries {
		text, err := migrationFiles.ReadFile("migration/" + entry.Name())
		if err != nil {
			panic(fmt.Sprintf("db: %v", err))
		}
		fmt.Fprintf(sum, "%s %d\n%s", entry.Name(), len(text), text)
	}
	fmt.Fprint(sum, grants)
	return fmt.Sprintf("%x", sum.Sum(nil)[:6])
}
