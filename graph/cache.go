package graph

import (
	"context"
	"math"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/vektah/gqlparser/v2/ast"
)

// documentBytes is how much text of documents is kept parsed and validated. What is parsed takes 40 to 150 times its text, so
// that is 150 MB at most if somebody means to fill it; the dashboard's documents are 20 kB.
const documentBytes = 1 << 20

// documents keeps the documents asked last, by their text. A bound on their number alone would let a thousand of the largest
// take gigabytes.
type documents struct {
	mu    sync.Mutex
	kept  *simplelru.LRU[string, *ast.QueryDocument]
	bytes int
}

var _ graphql.Cache[*ast.QueryDocument] = &documents{}

func newDocuments() *documents {
	d := &documents{}
	kept, err := simplelru.NewLRU(math.MaxInt, func(text string, _ *ast.QueryDocument) { d.bytes -= len(text) })
	if err != nil {
		panic("graph: " + err.Error()) // only for a size that is none
	}
	d.kept = kept
	return d
}

// Get returns the document of a text, if it is kept.
func (d *documents) Get(_ context.Context, text string) (*ast.QueryDocument, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.kept.Get(text)
}

// Add keeps a document, unless it would push out too many others.
func (d *documents) Add(_ context.Context, text string, document *ast.QueryDocument) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(text) > documentBytes/32 || d.kept.Contains(text) {
		return
	}
	d.kept.Add(text, document)
	for d.bytes += len(text); d.bytes > documentBytes; {
		d.kept.RemoveOldest()
	}
}
