// Package db holds every SQL statement of the program: the pool, one file a noun, the import
// of bundles, the migrations, and the private server that runs when no other is named.
package db

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/exaring/otelpgx"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/multitracer"
	"github.com/jackc/pgx/v5/pgxpool"

	"vunglom/access"
)

// DB is a pool of connections to one database. It is safe for concurrent use.
type DB struct {
	pool *pgxpool.Pool
	held sender // the transaction of Hold or inTransaction; nil: the pool

	caller access.Caller // who asks where the context does not say; see As
	logged bool          // within readPersons or streamPersons
	listed *listed       // what HoldListing holds for; nil: nothing

	// TeamCost is what a new team costs, for the cost of plans; nil: not known. It is set before the DB is used.
	TeamCost *TeamCost

	// ErasureKey is the file of the key under which erased identities are hashed. The first erasure makes it. It is set before the DB is used.
	ErasureKey string

	statements *statementMeter

	plans    chan struct{} // holds one for each plan that is being made
	writes   *lines        // in which writers of a province wait for one another; see Write
	listener *listener     // wakes those who follow what changes
	jobs     *jobs         // bundles that were sent
}

// Open connects to the database of a URL (postgres://… or key=value) and checks that it
// answers. A statement ends when its context does; there is no other time limit. Nothing is answered until Migrate has made
// the roles that questions are asked under: see CheckSchema.
func Open(ctx context.Context, url string) (*DB, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("database URL: %w", err)
	}
	config.ConnConfig.RuntimeParams["application_name"] = "vunglom"
	config.ConnConfig.RuntimeParams["jit"] = "off"
	// A plan for any level, day and scope is twenty times slower than one for those asked; planning costs 3 ms at most.
	config.ConnConfig.RuntimeParams["plan_cache_mode"] = "force_custom_plan"
	config.ConnConfig.RuntimeParams["TimeZone"] = "UTC"
	meter := newStatementMeter()
	// Spans name the statement's file: its text would fill them, and what it is asked with is nobody's business.
	spans := otelpgx.NewTracer(otelpgx.WithSpanNameFunc(statementName), otelpgx.WithDisableSQLStatementInAttributes(),
		otelpgx.WithDisableConnectionDetailsInAttributes(), otelpgx.WithDisableAcquireTracer())
	config.ConnConfig.Tracer = multitracer.New(statementCounter{}, meter, spans)
	config.AfterConnect = actLeast
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	d := &DB{pool: pool, statements: meter, plans: make(chan struct{}, plansAtOnce), writes: &lines{named: map[string]*line{}}, listener: newListener(pool.Config().ConnConfig),
		jobs: newJobs(pool.Config().ConnConfig)}
	if err := d.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("database: %w", err)
	}
	return d, nil
}

// Close returns when every connection has been given back and closed.
func (d *DB) Close() {
	d.jobs.end()
	d.listener.close()
	d.pool.Close()
}

// Ping tells whether the database answers.
func (d *DB) Ping(ctx context.Context) error {
	err := d.pool.Ping(ctx)
	if errors.Is(err, ErrRolesMissing) {
		return nil // it has: what is amiss CheckSchema says
	}
	return err
}

type statementCount struct{}

// CountStatements returns a context under which every statement is counted, each of a batch
// and each COPY as one. For tests that hold the number of statements of a request.
func CountStatements(ctx context.Context) (context.Context, *atomic.Int64) {
	count := new(atomic.Int64)
	return context.WithValue(ctx, statementCount{}, count), count
}

// statementCounter is the tracer behind CountStatements.
type statementCounter struct{}

func count(ctx context.Context) {
	if n, ok := ctx.Value(statementCount{}).(*atomic.Int64); ok {
		n.Add(1)
	}
}

func (statementCounter) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	count(ctx)
	return ctx
}
func (statementCounter) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (statementCounter) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return ctx
}
func (statementCounter) TraceBatchQuery(ctx context.Context, _ *pgx.Conn, data pgx.TraceBatchQueryData) {
	if !alongside(data.SQL) {
		count(ctx)
	}
}
func (statementCounter) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

func (statementCounter) TraceCopyFromStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceCopyFromStartData) context.Context {
	count(ctx)
	return ctx
}
func (statementCounter) TraceCopyFromEnd(context.Context, *pgx.Conn, pgx.TraceCopyFromEndData) {}
