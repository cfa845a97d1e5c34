package web

import (
	"bytes"
	"context"
	"embed"
	"html/template"
	"log/slog"
	"net/http"
	"path"
	"time"

	"vunglom/db"
	"vunglom/export"
	"vunglom/table"
)

//go:embed page/*
var pages embed.FS

var indexPage = template.Must(template.New("index.html").Funcs(template.FuncMap{
	"day":    func(t time.Time) string { return t.Format("2006-01-02") },
	"moment": func(t time.Time) string { return t.In(time.FixedZone("+07", 7*60*60)).Format("2006-01-02 15:04") },
}).ParseFS(pages, "page/index.html"))

// index is the page that a person sees first: what this is, what is loaded, where to go.
type index struct {
	db      *db.DB
	log     *slog.Logger
	version string
}

func (h *index) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
	defer cancel()
	content := struct {
		Datasets []db.Dataset
		Failed   bool
		Version  string
		Request  string
		Files    []string
		Formats  []table.Format
	}{Version: h.version, Request: RequestID(ctx), Files: export.Names(), Formats: table.Formats}
	var err error
	if content.Datasets, err = h.db.Datasets(ctx); err != nil {
		h.log.ErrorContext(ctx, "the datasets could not be read", "request", RequestID(ctx), "error", err)
		content.Failed = true
	}
	var page bytes.Buffer
	if err := indexPage.Execute(&page, content); err != nil {
		h.log.ErrorContext(ctx, "the index page could not be written", "request", RequestID(ctx), "error", err)
		http.Error(w, "lỗi nội bộ / internal error", http.StatusInternalServerError)
		return
	}
	header := w.Header()
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	_, _ = w.Write(page.Bytes()) // the client may be gone
}

// pageFiles serves what the pages refer to.
func pageFiles() http.Handler {
	return onlyFiles(http.FileServerFS(pages), "no-cache")
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
