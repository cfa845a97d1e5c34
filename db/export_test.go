package db

import "github.com/jackc/pgx/v5/pgxpool"

// Pool hands the pool to the package's outside tests, which can't be inside: dbtest imports db.
func Pool(d *DB) *pgxpool.Pool { return d.pool }

// Query returns the text of a statement, its parts put in.
func Query(name string) string { return query(name) }

// Reconcile puts a report beside a computed figure.
var Reconcile = reconcile

// AddingUp makes shares add up.
var AddingUp = addingUp
