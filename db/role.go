package db

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// allRoles are the database's roles. They belong to the server: its databases share them.
var allRoles = []string{rolePublished, roleAggregates, roleDecisions, rolePersons, rolePersonsWithin, roleRecord, roleRecordWithin, roleRegister, roleDispute, roleResolve, roleAudit, roleErasure, roleImport}

//go:embed grant.sql
var grants string

// ErrRolesMissing is returned, wrapped with what to run, where the roles are not there and the account may not make them.
var ErrRolesMissing = errors.New("the database's account may not make the roles that questions are asked under")

// What a server says of a role that another connection has just made, or is granting.
const (
	duplicateObject = "42710"
	uniqueViolation = "23505"
	internalError   = "XX000" // tuple concurrently updated
)

// makeRoles makes the roles that are not there, and lets the account ask under them.
func makeRoles(ctx context.Context, conn *pgx.Conn) error {
	for range 100 { // others may be about it in another database of the server
		missing, err := lackedRoles(ctx, conn)
		if err != nil || len(missing) == 0 {
			return err
		}
		_, err = conn.Exec(ctx, strings.Join(missing, "; "))
		var failure *pgconn.PgError
		switch {
		case err == nil:
		case errors.As(err, &failure) && slices.Contains([]string{duplicateObject, uniqueViolation, internalError}, failure.Code):
		case errors.As(err, &failure) && failure.Code == insufficientPrivilege:
			return rolesMissing(missing)
		default:
			return fmt.Errorf("roles: %w", err)
		}
	}
	return errors.New("roles: others kept making them")
}

// checkRoles returns ErrRolesMissing, with what to run, unless the account may ask under every role.
func checkRoles(ctx context.Context, conn *pgx.Conn) error {
	missing, err := lackedRoles(ctx, conn)
	if err != nil || len(missing) == 0 {
		return err
	}
	return rolesMissing(missing)
}

func rolesMissing(statements []string) error {
	return fmt.Errorf("%w; người quản trị máy chủ hãy chạy một lần · an administrator of the server has to run once: %s", ErrRolesMissing, strings.Join(statements, "; "))
}

// lackedRoles returns the statements that are still to be run.
func lackedRoles(ctx context.Context, conn *pgx.Conn) ([]string, error) {
	rows, err := conn.Query(ctx, rolesLacked.sql, pgx.StrictNamedArgs{"roles": allRoles})
	if err != nil {
		return nil, fmt.Errorf("roles: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

var rolesLacked = query("role_lacked")

// grantRoles says anew what each role may read.
func grantRoles(ctx context.Context, conn *pgx.Conn) error {
	if _, err := conn.Exec(ctx, "select pg_advisory_xact_lock(hashtextextended('vunglom grants', 0));"+grants); err != nil {
		return fmt.Errorf("grants: %w", err)
	}
	return nil
}

// actLeast makes a new connection of the pool one that asks what everybody may ask, until it is told otherwise. Where that can't be, because
// there is no such role yet or the account may not ask under it, there is no connection: what it was asked would be answered to the account itself.
func actLeast(ctx context.Context, conn *pgx.Conn) error {
	acting, err := conn.Exec(ctx, "select set_config('role', rolname, false) from pg_catalog.pg_roles where rolname = $1 and pg_has_role(oid, 'member')", rolePublished)
	if err == nil && acting.RowsAffected() == 0 {
		err = ErrRolesMissing
	}
	return err
}
