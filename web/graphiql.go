package web

import (
	"embed"
	"encoding/json"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

// GraphiQL comes from our own files, so that it works where there is no other network.
// graphiql/README.md says which versions these are and how they are renewed.
//
//go:embed graphiql/page.html graphiql/icon.svg graphiql/start.js graphiql/start.css graphiql/example graphiql/dist
var graphiql embed.FS

// serveGraphiQL sends the page. GraphiQL's editor writes style elements of its own, so styles
// may be inline; scripts may not.
func serveGraphiQL(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; "+
		"img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	header.Set("Cache-Control", "no-cache")
	http.ServeFileFS(w, r, graphiql, "graphiql/page.html")
}

// graphiqlFiles serves the scripts and styles of GraphiQL, and the example queries as a script.
func graphiqlFiles() http.Handler {
	files := http.NewServeMux()
	files.Handle("GET /graphiql/example.js", exampleScript())
	files.Handle("GET /graphiql/dist/", onlyFiles(http.FileServerFS(graphiql), "public, max-age=86400"))
	files.Handle("GET /graphiql/", onlyFiles(http.FileServerFS(graphiql), "no-cache"))
	return files
}

// exampleScript makes the queries of graphiql/example, in the order of their names, the tabs
// that GraphiQL opens first.
func exampleScript() http.Handler {
	names, err := fs.Glob(graphiql, "graphiql/example/*.graphql")
	if err != nil || len(names) == 0 {
		panic("web: no example queries") // embedded: they were there when the program was built
	}
	type tab struct {
		Query string `json:"query"`
	}
	tabs := make([]tab, len(names))
	for i, name := range names {
		text, err := graphiql.ReadFile(name)
		if err != nil {
			panic("web: " + err.Error())
		}
		tabs[i].Query = string(text)
	}
	encoded, err := json.Marshal(tabs)
	if err != nil {
		panic("web: " + err.Error())
	}
	script := "window.examples = " + string(encoded) + ";\n"
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		w.Header().Set("Cache-Control", "no-cache")
		http.ServeContent(w, r, "example.js", time.Time{}, strings.NewReader(script))
	})
}

// onlyFiles keeps a file server from listing its folders and from serving templates.
func onlyFiles(files http.Handler, cache string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch path.Ext(r.URL.Path) {
		case ".css", ".js", ".svg", ".txt":
			w.Header().Set("Cache-Control", cache)
			files.ServeHTTP(w, r)
		default:
			serveNothing(w, r)
		}
	})
}
