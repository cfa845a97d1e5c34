// Package web is the HTTP edge: routes, middleware, health, metrics, and the pages that a
// person opens first. It is handed the GraphQL handler and knows nothing of GraphQL.
package web

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"vunglom/access"
	"vunglom/db"
	"vunglom/lgsp"
	"vunglom/quota"
)

// Options are what the server is made of.
type Options struct {
	DB        *db.DB
	GraphQL   http.Handler     // answers /graphql
	Log       *slog.Logger     // where the access log goes; default slog.Default()
	Version   string           // of the program, for the dashboard; may be empty
	Basemap   string           // address of the MapLibre style to lay beneath the dashboard's map; empty: none
	BodyBytes int64            // the largest request body; default 1 MiB
	Now       func() time.Time // the clock; default time.Now
	Stall     time.Duration    // how long a client is waited for that takes nothing of a file; default 1 minute
	Clients   *quota.Clients   // who ask for tiles and files, and their shares; nil: nobody is counted. GraphQL counts by itself
	Timeout   time.Duration    // how long a tile may take, waiting for its turn included, and how long nothing may come of a file; default 30 s

	LGSP lgsp.Settings // what is told to other agencies' systems of whose it is
	Page int           // the most items of a page that they may ask for; default 1,000

	NoGraphiQL bool // leaves /graphiql out

	Callers  access.Authenticator // who asks; nil: nobody does, so that there is only what everybody may see
	Loopback bool                 // answer only requests to this machine by one of its own names: whoever reaches it may see everything
	SignIns  any                  // for the dashboard, as JSON: where people sign in; nil: nowhere
	Origins  []string             // that the dashboard has to reach to sign people in
	Metrics  func(http.Handler)   // is given what answers /metrics, to serve it elsewhere too; may be nil

	TileCacheBytes int64      // how much memory tiles may take that are kept; 0: none is kept
	Subscriptions  func() int // how many are open, for the metrics; nil: there are none

	Until context.Context // how imports go is followed for the metrics until then; nil: it is not
}

// New returns the handler of everything the program serves. The context of each request has
// its id: see RequestID.
func New(options Options) http.Handler {
	if options.Log == nil {
		options.Log = slog.Default()
	}
	if options.BodyBytes == 0 {
		options.BodyBytes = 1 << 20
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Stall == 0 {
		options.Stall = time.Minute
	}
	if options.Page == 0 {
		options.Page = 1000
	}
	if options.Timeout == 0 {
		options.Timeout = 30 * time.Second
	}
	figures := newMetrics(options.DB)
	if options.Clients != nil {
		figures.watchClients(options.Clients)
	}
	if options.Subscriptions != nil {
		figures.watchSubscriptions(options.Subscriptions)
	}
	if options.Until != nil {
		figures.watchImports(options.Until, options.DB)
	}
	if options.Metrics != nil {
		options.Metrics(figures.handler())
	}
	mux := http.NewServeMux()
	for _, r := range routes(options, figures) {
		h := known(options, permitted(options, r))
		if r.name != "/graphql" { // it knows its limits: a body may be a file there
			h = http.MaxBytesHandler(h, options.BodyBytes)
		}
		mux.Handle(r.pattern, routed(r.name, figures.measured(r.name, h)))
	}
	h := compressed(mux)
	h = guarded(h)
	h = recovered(options.Log, h)
	h = logged(options.Log, h)
	return identified(h)
}

// NewServer returns an HTTP server with the time limits of one that faces people. The longest
// answer is given the time limit of a query and a minute to be sent. Subscriptions set their own.
func NewServer(address string, handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Addr: address, Handler: handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      90 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// compressed sends what is worth it as gzip where the client takes it. The least level: a map
// shrinks to a quarter already, and a higher one would take longer than the query. Events are
// small and must go out at once, and a connection that becomes a WebSocket must be reached.
func compressed(h http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(2048), gzhttp.CompressionLevel(1),
		gzhttp.ContentTypeFilter(func(kind string) bool { return !isEvents(kind) && gzhttp.DefaultContentTypeFilter(kind) }))
	if err != nil {
		panic("web: " + err.Error()) // only for a level that does not exist
	}
	zipped := wrap(h)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") != "" {
			h.ServeHTTP(w, r)
			return
		}
		zipped.ServeHTTP(w, r)
	})
}

func isEvents(kind string) bool { return strings.HasPrefix(kind, "text/event-stream") }

func serveNothing(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "không hỗ trợ phương thức này / method not allowed", http.StatusMethodNotAllowed)
		return
	}
	http.Error(w, "không có trang này; xem / · there is no such page; see /", http.StatusNotFound)
}
