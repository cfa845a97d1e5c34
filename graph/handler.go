package graph

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"vunglom/db"
	"vunglom/graph/generated"
	"vunglom/graph/scalar"
)

//go:generate go tool gqlgen generate

// Options are what a handler may be told. The zero Options are good.
type Options struct {
	Limits    Limits
	Now       func() time.Time             // the clock that says what today is; default time.Now
	Log       *slog.Logger                 // where internal errors go; default slog.Default()
	RequestID func(context.Context) string // names a request in the log; default: "-"
}

// queryCacheSize is how many queries are kept parsed and validated.
const queryCacheSize = 1000

// handler answers GraphQL over HTTP.
type handler struct {
	executor *executor.Executor
	limits   Limits
}

// NewHandler returns the handler of /graphql: POST and GET as the GraphQL-over-HTTP
// specification has them, answered in application/graphql-response+json or application/json.
func NewHandler(d *db.DB, options Options) http.Handler {
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Log == nil {
		options.Log = slog.Default()
	}
	if options.RequestID == nil {
		options.RequestID = func(context.Context) string { return "-" }
	}
	limits := options.Limits.withDefaults()
	schema := generated.NewExecutableSchema(generated.Config{Resolvers: &root{db: d, now: options.Now}})
	shown := &presenter{log: options.Log, requestID: options.RequestID}
	e := executor.New(schema)
	e.SetQueryCache(lru.New[*ast.QueryDocument](queryCacheSize))
	e.SetParserTokenLimit(limits.Tokens)
	e.SetErrorPresenter(shown.present)
	e.SetRecoverFunc(shown.recovered)
	e.Use(costLimit{limits})
	return &handler{executor: e, limits: limits}
}

// ServeHTTP answers one request.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	media, acceptable := negotiate(r.Header.Values("Accept"))
	w.Header().Add("Vary", "Accept")
	if !acceptable {
		refuse(w, mediaJSON, &refusal{http.StatusNotAcceptable, "hãy nhận application/graphql-response+json hoặc application/json / accept application/graphql-response+json or application/json"})
		return
	}
	started := graphql.Now()
	params, refused := readRequest(w, r, h.limits.BodyBytes)
	if refused != nil {
		refuse(w, media, refused)
		return
	}
	params.ReadTime = graphql.TraceTiming{Start: started, End: graphql.Now()}
	ctx, cancel := context.WithTimeout(graphql.StartOperationTrace(withLogged(r.Context())), h.limits.Timeout)
	defer cancel()
	ctx, spill := scalar.WithSpill(ctx)
	response, executed, refused := h.execute(ctx, r.Method, params)
	if refused != nil {
		refuse(w, media, refused)
		return
	}
	write(w, media, response, executed, spill)
}

// execute runs an operation. executed is false where it was refused before it began.
func (h *handler) execute(ctx context.Context, method string, params *graphql.RawParams) (response *graphql.Response, executed bool, refused *refusal) {
	operation, errs := h.executor.CreateOperationContext(ctx, params)
	if len(errs) > 0 {
		return h.executor.DispatchError(graphql.WithOperationContext(ctx, operation), errs), false, nil
	}
	if method == http.MethodGet && operation.Operation.Operation != ast.Query {
		return nil, false, &refusal{http.StatusMethodNotAllowed, "GET chỉ dành cho query: hãy dùng POST / GET is for queries only: use POST"}
	}
	next, ctx := h.executor.DispatchOperation(ctx, operation)
	if response = next(ctx); response == nil { // gqlgen does not begin what is out of time
		response = h.executor.DispatchError(ctx, gqlerror.List{gqlerror.WrapPath(nil, context.DeadlineExceeded)})
	}
	return response, true, nil
}
