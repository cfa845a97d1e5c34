package db

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// StatementFigures is what statements of one name have taken since the program began.
type StatementFigures struct {
	Name   string        // of the file that the statement stands in; "copy", or "other" for one without a file
	Count  int64         // sent
	Failed int64         // of those, answered with an error
	Took   time.Duration // all together, until the last row was read
}

// StatementFigures returns what each statement has taken, by name.
func (d *DB) StatementFigures() []StatementFigures { return d.statements.figures() }

// statementNames are the names of statements by their text.
var statementNames sync.Map

func nameStatement(text, name string) string {
	statementNames.Store(text, name)
	sent, _, err := pgx.NamedArgs{}.RewriteQuery(context.Background(), nil, text, nil) // as it is known in a batch
	if err != nil {
		panic(fmt.Sprintf("db: query/%s.sql: %v", name, err))
	}
	statementNames.Store(sent, name)
	return text
}

// statementName is the name of a statement; one that is made as it is needed has none of its own. No argument is ever in it.
func statementName(text string) string {
	if name, ok := statementNames.Load(text); ok {
		return name.(string)
	}
	return "other"
}

// statementMeter is the tracer behind DB.StatementFigures.
type statementMeter struct {
	mu     sync.Mutex
	byName map[string]*StatementFigures
}

func newStatementMeter() *statementMeter {
	return &statementMeter{byName: map[string]*StatementFigures{}}
}

func (m *statementMeter) figures() []StatementFigures {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := make([]StatementFigures, 0, len(m.byName))
	for _, f := range m.byName {
		all = append(all, *f)
	}
	slices.SortFunc(all, func(a, b StatementFigures) int { return strings.Compare(a.Name, b.Name) })
	return all
}

func (m *statementMeter) count(name string, took time.Duration, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f := m.byName[name]
	if f == nil {
		f = &StatementFigures{Name: name}
		m.byName[name] = f
	}
	f.Count++
	f.Took += took
	if err != nil {
		f.Failed++
	}
}

// sent is a statement under way, kept in its context.
type sent struct {
	name  string
	began time.Time
}

type sentKey struct{}

func begin(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, sentKey{}, &sent{name, time.Now()})
}

func (m *statementMeter) end(ctx context.Context, err error) {
	if s, ok := ctx.Value(sentKey{}).(*sent); ok {
		m.count(s.name, time.Since(s.began), err)
	}
}

func (m *statementMeter) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	return begin(ctx, statementName(data.SQL))
}
func (m *statementMeter) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryEndData) {
	m.end(ctx, data.Err)
}

// Of a batch each statement is counted as its answer is read; the time runs from the one before.
func (m *statementMeter) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return begin(ctx, "batch")
}
func (m *statementMeter) TraceBatchQuery(ctx context.Context, _ *pgx.Conn, data pgx.TraceBatchQueryData) {
	if s, ok := ctx.Value(sentKey{}).(*sent); ok && !alongside(data.SQL) {
		now := time.Now()
		m.count(statementName(data.SQL), now.Sub(s.began), data.Err)
		s.began = now
	}
}
func (m *statementMeter) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

func (m *statementMeter) TraceCopyFromStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceCopyFromStartData) context.Context {
	return begin(ctx, "copy")
}
func (m *statementMeter) TraceCopyFromEnd(ctx context.Context, _ *pgx.Conn, data pgx.TraceCopyFromEndData) {
	m.end(ctx, data.Err)
}
