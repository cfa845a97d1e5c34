package db

import "github.com/jackc/pgx/v5/pgxpool"

// Pool hands the pool to the package's outside tests, which can't be inside: dbtest imports db.
func Pool(d *DB) *pgxpool.Pool { return d.pool }
