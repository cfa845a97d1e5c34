package web

import (
	"net/http"

	"vunglom/access"
	"vunglom/db"
	"vunglom/export"
	"vunglom/lgsp"
)

// route is a path of the server and what it needs. One without a right is refused to everybody.
type route struct {
	pattern string
	name    string // in the metrics
	right   access.Right
	handler http.Handler
}

// routes are all that the server answers. GraphQL, REST, tiles and files are open as such: what each of their answers needs, its own
// rule says (graph/rule.go, lgsp.Rules, tileLayers, exportRights).
func routes(o Options, figures *metrics) []route {
	dashboard := newApp(appDist(), o.Basemap, o.Origins)
	drawn := newTiles(o, figures)
	list := []route{
		{"/graphql", "/graphql", access.Open, o.GraphQL},
		{"GET /{$}", "/", access.Open, dashboard},
		{"GET /assets/", "/assets", access.Open, dashboard},
		{"GET /app.json", "/app.json", access.Open, appSettings(o)},
		{"GET /export/{file}", "/export", access.Open, shared(o, FileCost, newExports(o))},
		{"GET /tiles/{layer}/{z}/{x}/{row}", "/tiles", access.Open, shared(o, tileCost, limited(o.Timeout, drawn))},
		{"GET /tiles/{file}", "/tiles.json", access.Open, shared(o, tileCost, limited(o.Timeout, http.HandlerFunc(drawn.serveJSON)))},
		{lgsp.Root, "/lgsp", access.Open, limited(o.Timeout, newLGSP(o))},
		{"GET /healthz", "/healthz", access.Open, http.HandlerFunc(serveHealth)},
		{"GET /readyz", "/readyz", access.Open, &readiness{db: o.DB, log: o.Log}},
		{"GET /metrics", "/metrics", access.Audit, figures.handler()},
		{"/", "other", access.Open, http.HandlerFunc(serveNothing)},
	}
	if !o.NoGraphiQL {
		list = append(list, route{"GET /graphiql", "/graphiql", access.Open, http.HandlerFunc(serveGraphiQL)}, route{"GET /graphiql/", "/graphiql", access.Open, graphiqlFiles()})
	}
	return list
}

// newLGSP is what other agencies' systems ask.
func newLGSP(o Options) http.Handler {
	return lgsp.New(lgsp.Options{DB: o.DB, Settings: o.LGSP, Now: o.Now, Clients: o.Clients, Page: o.Page,
		Judge: func(w http.ResponseWriter, r *http.Request, err error) (int, string, string) {
			return judge(w, r, o.Log, err)
		}})
}

// permitted refuses a route to callers who have not its right everywhere: what it answers is about no unit.
func permitted(o Options, r route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		caller := access.From(request.Context())
		err := caller.Refuse(r.right, r.name)
		if everywhere, _ := caller.Scope(r.right); err == nil && !everywhere {
			err = caller.RefuseScope(r.right, r.name)
		}
		if err != nil {
			refuse(w, request, o.Log, err)
			return
		}
		r.handler.ServeHTTP(w, request)
	})
}

// Rule is what a path, a layer of tiles or a file needs; for documents and tests.
type Rule struct {
	Name  string // as one asks for it
	Right access.Right
	Where string // how it is found out where the right has to hold, in words; empty: everywhere
}

// Rules lists what the server answers beside GraphQL, and what each needs.
func Rules(o Options) []Rule {
	const where = "`within` on `boundariesAsOf`, else `asOf`, else today"
	var list []Rule
	for _, r := range routes(o, newMetrics(o.DB)) {
		list = append(list, Rule{r.pattern, r.right, ""})
	}
	for _, r := range lgsp.Rules() {
		list = append(list, Rule(r))
	}
	for i := range tileLayers {
		l := &tileLayers[i]
		kinds := []db.TileQuery{{Layer: l.id}}
		if l.id == db.TileUnits {
			kinds = []db.TileQuery{{Layer: l.id, Published: true}, {Layer: l.id}, {Layer: l.id, Gaps: true}}
		}
		for _, q := range kinds {
			rule := Rule{l.named(&q), l.right(&q), ""}
			if rule.Right.Scoped() {
				rule.Where = where
			}
			list = append(list, rule)
		}
	}
	for _, name := range export.Names() {
		list = append(list, Rule{"/export/" + name, exportRights[name], where})
	}
	return append(list, Rule{"/export/quality with cases of addresses, households, visits, members or challenges", access.Persons, where})
}
