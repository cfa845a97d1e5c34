package graph

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"vunglom/access"
	"vunglom/db"
	"vunglom/graph/generated"
	"vunglom/graph/scalar"
	"vunglom/quota"
)

//go:generate go tool gqlgen generate

// Options are what a handler may be told. The zero Options are good.
type Options struct {
	Limits     Limits
	Clients    *quota.Clients               // who ask, and their shares; nil: nobody is counted
	Now        func() time.Time             // the clock that says what today is; default time.Now
	Log        *slog.Logger                 // where internal errors go; default slog.Default()
	RequestID  func(context.Context) string // names a request in the log; default: "-"
	Until      context.Context              // subscriptions end with it; default: never
	Origins    []string                     // hosts whose pages may open a WebSocket besides the server's own, as "maps.example.vn" or "*.example.vn"
	Trusted    Trusted                      // the documents that are answered, and no others; nil: any
	HideSchema bool                         // refuses introspection, and proposes no names where one is unknown
	KeepAlive  time.Duration                // how often a subscription that has nothing to say shows that it lives; default 20 s
	Stall      time.Duration                // how long a client is waited for that sends nothing of its file; default 1 min
	Callers    access.Authenticator         // who a token belongs to that a WebSocket brings; default: nobody's is taken
}

// Handler answers GraphQL over HTTP.
type Handler struct {
	executor  *executor.Executor
	limits    Limits
	clients   *quota.Clients
	until     context.Context
	origins   []string
	callers   access.Authenticator
	keepAlive time.Duration
	stall     time.Duration
	room      func() (*db.Upload, error) // for a file
	log       *slog.Logger
	streams   streams
}

// NewHandler returns the handler of /graphql: POST and GET as the GraphQL-over-HTTP
// specification has them, answered in application/graphql-response+json or application/json, and subscriptions over
// WebSocket or as server-sent events.
func NewHandler(d *db.DB, options Options) *Handler {
	options = options.withDefaults()
	resolvers := &root{db: d, now: options.Now, patience: options.Limits.Timeout}
	h := newHandler(generated.NewExecutableSchema(generated.Config{Resolvers: resolvers}), options, guard{resolvers})
	h.room = d.NewUpload
	return h
}

func (options Options) withDefaults() Options {
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Log == nil {
		options.Log = slog.Default()
	}
	if options.RequestID == nil {
		options.RequestID = func(context.Context) string { return "-" }
	}
	if options.Until == nil {
		options.Until = context.Background()
	}
	if options.KeepAlive == 0 {
		options.KeepAlive = 20 * time.Second
	}
	if options.Stall == 0 {
		options.Stall = time.Minute
	}
	options.Limits = options.Limits.withDefaults()
	return options
}

// newHandler returns a handler of any schema. What the extensions refuse is not read.
func newHandler(schema graphql.ExecutableSchema, options Options, extensions ...graphql.HandlerExtension) *Handler {
	limits := options.Limits
	shown := &presenter{log: options.Log, requestID: options.RequestID}
	e := executor.New(schema)
	e.SetQueryCache(newDocuments())
	e.SetParserTokenLimit(limits.Tokens)
	e.SetErrorPresenter(shown.present)
	e.SetRecoverFunc(shown.recovered)
	e.SetDisableSuggestion(options.HideSchema)
	e.Use(trust{options.Trusted})
	e.Use(repeatLimit{limits.Tokens})
	e.Use(costLimit{limits, options.HideSchema})
	for _, extension := range extensions {
		e.Use(extension)
	}
	return &Handler{executor: e, limits: limits, clients: options.Clients, until: options.Until, origins: options.Origins, callers: options.Callers, keepAlive: options.KeepAlive,
		stall: options.Stall, log: options.Log}
}

// ServeHTTP answers one request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	client := h.clients.Of(r)
	r = r.WithContext(quota.With(r.Context(), client))
	if r.Header.Get("Upgrade") != "" {
		h.serveWebSocket(w, r)
		return
	}
	media, acceptable := negotiate(r.Header.Values("Accept"))
	events := takesEvents(r.Header.Values("Accept"))
	w.Header().Add("Vary", "Accept")
	if refused := checkMethod(r.Method); refused != nil {
		refuse(w, mediaJSON, refused)
		return
	}
	if !acceptable && !events {
		refuse(w, mediaJSON, &refusal{http.StatusNotAcceptable, "hãy nhận application/graphql-response+json hoặc application/json / accept application/graphql-response+json or application/json"})
		return
	}
	leave, err := client.Enter()
	if err == nil {
		defer leave()
		err = client.Spend(EntryCost) // what can't be understood costs something too
	}
	if err != nil {
		refuseSlow(w, media, err)
		return
	}
	started := graphql.Now()
	params, file, refused := h.readRequest(w, r)
	if refused != nil {
		refuse(w, media, refused)
		return
	}
	params.ReadTime = graphql.TraceTiming{Start: started, End: graphql.Now()}
	traced := graphql.StartOperationTrace(withLogged(r.Context()))
	ctx, cancel := context.WithTimeout(traced, h.limits.Timeout)
	defer cancel()
	operation, errs := h.executor.CreateOperationContext(ctx, params)
	changes := operation.Operation != nil && operation.Operation.Operation == ast.Mutation
	subscribes := len(errs) == 0 && operation.Operation.Operation == ast.Subscription
	switch {
	case changes && r.Method != http.MethodPost: // before what the caller may: nobody may by GET
		w.Header().Set("Allow", http.MethodPost)
		refuse(w, media, &refusal{http.StatusMethodNotAllowed, "GET không dành cho mutation: hãy dùng POST / GET is not for mutations: use POST"})
	case subscribes && !events:
		refuse(w, media, &refusal{http.StatusNotAcceptable, "subscription: hãy nhận text/event-stream, hoặc dùng WebSocket (graphql-transport-ws) / accept text/event-stream, or use a WebSocket (graphql-transport-ws)"})
	case subscribes:
		leave() // it is a stream from here on
		h.serveEvents(w, r.WithContext(traced), operation)
	case len(errs) > 0:
		if !acceptable { // it can't begin, so it is no events
			media = mediaGraphQL
		}
		answer := h.executor.DispatchError(graphql.WithOperationContext(ctx, operation), told(errs))
		if slow := new(quota.Refusal); errors.As(errs, &slow) {
			sendSlow(w, media, slow, answer.Errors)
			return
		}
		write(w, media, answer, false, nil)
	case !acceptable:
		refuse(w, mediaJSON, &refusal{http.StatusNotAcceptable, "text/event-stream chỉ dành cho subscription: hãy nhận application/json / text/event-stream is for subscriptions only: accept application/json"})
	default:
		if file != nil {
			upload, refused := h.receiveFile(w, file)
			if refused != nil {
				refuse(w, media, refused)
				return
			}
			defer upload.Close()
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(traced, h.limits.Timeout) // from now on
			defer cancel()
		}
		ctx, spill := scalar.WithSpill(ctx)
		if answer := h.execute(ctx, operation); r.Method == http.MethodPost {
			write(w, media, answer, true, spill)
		} else {
			writeKept(w, r, media, answer, spill)
		}
	}
}

// told returns the errors of a document that are worth telling: it may have one a token.
func told(errs gqlerror.List) gqlerror.List { return errs[:min(len(errs), 100)] }

// execute runs an operation.
func (h *Handler) execute(ctx context.Context, operation *graphql.OperationContext) *graphql.Response {
	next, ctx := h.executor.DispatchOperation(ctx, operation)
	if response := next(ctx); response != nil {
		return response
	}
	return h.executor.DispatchError(ctx, gqlerror.List{gqlerror.WrapPath(nil, context.DeadlineExceeded)}) // gqlgen does not begin what is out of time
}
