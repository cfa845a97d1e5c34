package graph

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"testing"
)

// TestDocumentsAreKeptInSoMuchMemory: whoever sends ever new documents, the largest that are kept, does not fill the memory,
// and what is asked again and again stays.
func TestDocumentsAreKeptInSoMuchMemory(t *testing.T) {
	h, kept := NewHandler(nil, Options{}), newDocuments()
	h.executor.SetQueryCache(kept)
	ask := func(query string) {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/graphql?"+url.Values{"query": {query}}.Encode(), nil))
		if w.Code != http.StatusOK {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	heap := func() int {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int(m.HeapAlloc)
	}
	before := heap()
	const often = "{__typename} # often"
	var fields strings.Builder
	for i := range 800 {
		fmt.Fprintf(&fields, " a%d:__typename", i)
	}
	for i := range 100 { // of 13 kB; they are refused for their aliases, once they have been understood
		ask(fmt.Sprintf("{%s} # %d", fields.String(), i))
		ask(often)
	}
	ask("{__typename} #" + strings.Repeat(" ", documentBytes/16))
	if _, known := kept.Get(context.Background(), often); !known || kept.bytes > documentBytes || kept.bytes < documentBytes*9/10 || kept.kept.Len() > 90 {
		t.Errorf("%d documents of %d bytes are kept; what is asked often: %v", kept.kept.Len(), kept.bytes, known)
	}
	if grown := heap() - before; grown > 200*documentBytes {
		t.Errorf("they take %d MB", grown>>20)
	} else {
		t.Logf("%d bytes of text take %d", kept.bytes, grown)
	}
}
