package graph

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/coder/websocket"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"vunglom/access"
	"vunglom/quota"
)

// subprotocol is the one that is spoken: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
const subprotocol = "graphql-transport-ws"

// initMost is how long a client may take to send connection_init.
const initMost = 10 * time.Second

func init() { // an operation refused with one of these ends with a message "error"; gqlgen knows its own codes only
	for _, code := range []Code{CodeBadInput, CodeNotFound, CodeUnauthenticated, CodeForbidden, CodeTooCostly, CodeBusy, CodeTimeout, CodeInternal} {
		errcode.RegisterErrorType(string(code), errcode.KindProtocol)
	}
}

// serveWebSocket answers the subscriptions of a WebSocket.
func (h *Handler) serveWebSocket(w http.ResponseWriter, r *http.Request) {
	if refused := h.checkWebSocket(r); refused != nil {
		refuse(w, mediaJSON, refused)
		return
	}
	if err := quota.From(r.Context()).Spend(EntryCost); err != nil {
		refuseSlow(w, mediaJSON, err)
		return
	}
	ctx, free, leave := h.enter(w, r)
	if leave == nil {
		return
	}
	defer leave()
	c := &connection{Handler: h, request: r, free: free}
	transport.Websocket{
		Implementation:   acceptor{h, c},
		InitFunc:         c.init,
		InitTimeout:      initMost,
		PingPongInterval: h.keepAlive, // a client that does not answer for twice as long is gone
		PayloadReadLimit: &h.limits.BodyBytes,
	}.Do(w, r.WithContext(ctx), c)
	c.free()
	if c.leave != nil {
		c.leave()
	}
}

// checkWebSocket refuses a request for a WebSocket that will not be answered on one.
func (h *Handler) checkWebSocket(r *http.Request) *refusal {
	var offered []string
	for _, each := range strings.Split(strings.Join(r.Header.Values("Sec-WebSocket-Protocol"), ","), ",") {
		offered = append(offered, strings.TrimSpace(each))
	}
	switch {
	case r.Method != http.MethodGet || !strings.EqualFold(r.Header.Get("Upgrade"), "websocket"):
		return &refusal{http.StatusBadRequest, "chỉ có thể chuyển sang WebSocket, bằng GET / the only upgrade is to a WebSocket, by GET"}
	case !slices.Contains(offered, subprotocol):
		return &refusal{http.StatusBadRequest, "WebSocket: hãy dùng giao thức con graphql-transport-ws / use the subprotocol graphql-transport-ws"}
	case !h.origin(r):
		return &refusal{http.StatusForbidden, "WebSocket: trang của máy chủ khác không được mở; xem --origin / a page of another host may not open one; see --origin"}
	}
	return nil
}

// origin tells whether a page of that origin may open a WebSocket. Programs that are no browsers name none.
func (h *Handler) origin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" {
		return false
	}
	return strings.EqualFold(u.Host, r.Host) || slices.ContainsFunc(h.origins, func(pattern string) bool {
		matches, err := path.Match(strings.ToLower(pattern), strings.ToLower(u.Host))
		return err == nil && matches
	})
}

// acceptor opens WebSockets that speak the one subprotocol.
type acceptor struct {
	*Handler
	of *connection
}

// Accept answers the handshake.
func (a acceptor) Accept(w http.ResponseWriter, r *http.Request, _ transport.WebsocketAcceptOptions) (transport.WebsocketConn, error) {
	inner, err := transport.CoderWebsocketImplementation{AcceptOptions: websocket.AcceptOptions{
		Subprotocols: []string{subprotocol}, OriginPatterns: a.origins,
	}}.Accept(w, r, transport.WebsocketAcceptOptions{})
	if err != nil {
		return nil, err
	}
	return &socket{inner, inner.(transport.WebsocketReadLimiter), inner.(transport.WebsocketReadDeadliner), a.until, a.of}, nil
}

// socket is a WebSocket that does not wait for ever for a client that takes nothing, and closes with the protocol's codes.
type socket struct {
	transport.WebsocketConn
	transport.WebsocketReadLimiter
	transport.WebsocketReadDeadliner
	until context.Context
	of    *connection
}

// WriteJSON sends one message.
func (s *socket) WriteJSON(v any) error {
	late := time.AfterFunc(eventMost, func() { _ = s.Close() })
	defer late.Stop()
	return s.WebsocketConn.WriteJSON(v)
}

// The codes of the subprotocol, and of RFC 6455, with which connections are closed where gqlgen has a general one.
const (
	closeGoingAway   = 1001
	closeTryLater    = 1013
	closeBadRequest  = 4400
	closeSignIn      = 4401
	closeForbidden   = 4403
	closeInitTimeout = 4408
)

// WriteClose begins to close the connection.
func (s *socket) WriteClose(code int, text string) error {
	switch {
	case s.until.Err() != nil:
		code, text = closeGoingAway, "the server stops"
	case s.of.runOut():
		code, text = closeSignIn, "the token has run out"
	case text == "connection initialisation timeout":
		code = closeInitTimeout
	case code == transport.WebsocketCloseProtocolError:
		code = closeBadRequest
	}
	return s.WebsocketConn.WriteClose(code, text)
}

// connection runs the operations of one WebSocket, as gqlgen's transport wants it.
type connection struct {
	*Handler
	request *http.Request // that opened it
	free    func()        // gives back the place among the client's connections
	open    atomic.Int64
	ctx     atomic.Pointer[context.Context] // what the subscriptions live in, once connection_init has said who asks
	leave   context.CancelFunc
}

// init takes connection_init: its payload may bring the Authorization that a browser can send with no WebSocket.
func (c *connection) init(ctx context.Context, payload transport.InitPayload) (context.Context, *transport.InitPayload, error) {
	if authorization := payload.Authorization(); authorization != "" && c.callers != nil {
		var err error
		if ctx, err = c.signIn(ctx, authorization); err != nil {
			return ctx, nil, err
		}
	}
	ctx, c.leave = access.Lasting(ctx)
	c.ctx.Store(&ctx)
	return ctx, nil, nil
}

// signIn makes the connection that of whom a token belongs to, whose share it is counted in from here on. The context of an error
// has what the connection is closed with.
func (c *connection) signIn(ctx context.Context, authorization string) (context.Context, error) {
	caller, err := c.callers.Caller(ctx, authorization)
	var refused *access.Refusal
	switch {
	case errors.As(err, &refused) && refused.Code == access.Unanswered:
		return transport.WithWebsocketCloseCode(transport.AppendCloseReason(ctx, "the token can't be checked"), closeTryLater), err
	case err != nil:
		return transport.WithWebsocketCloseCode(transport.AppendCloseReason(ctx, "the token is not good"), closeForbidden), err
	}
	caller.Purpose = access.From(ctx).Purpose
	ctx = access.With(ctx, caller)
	client := c.clients.Of(c.request.WithContext(ctx))
	free, err := client.Open()
	if err != nil {
		return transport.WithWebsocketCloseCode(transport.AppendCloseReason(ctx, "too many connections"), closeTryLater), err
	}
	c.free()
	c.free = free
	return quota.With(ctx, client), nil
}

// runOut tells whether the connection ends because nobody vouches for its caller any longer.
func (c *connection) runOut() bool {
	ctx := c.ctx.Load()
	return ctx != nil && errors.Is((*ctx).Err(), context.DeadlineExceeded)
}

var _ graphql.GraphExecutor = &connection{}

// CreateOperationContext checks an operation and takes its place among the open ones. Its errors are as they are to be shown.
func (c *connection) CreateOperationContext(ctx context.Context, params *graphql.RawParams) (*graphql.OperationContext, gqlerror.List) {
	if err := quota.From(ctx).Spend(EntryCost); err != nil { // what can't be understood costs something too
		return c.refused(ctx, &graphql.OperationContext{}, gqlerror.List{gqlerror.WrapPath(nil, err)})
	}
	operation, errs := c.executor.CreateOperationContext(ctx, params)
	switch {
	case len(errs) > 0:
		return c.refused(ctx, operation, errs)
	case operation.Operation.Operation != ast.Subscription:
		return c.refused(ctx, operation, gqlerror.List{gqlerror.WrapPath(nil, badInput("WebSocket chỉ dành cho subscription: hãy gửi query bằng POST", "a WebSocket is for subscriptions only: send queries by POST"))})
	case c.open.Add(1) > int64(c.limits.Subscriptions): // taken here: the next one may come before this one has begun
		c.open.Add(-1)
		return c.refused(ctx, operation, gqlerror.List{tooCostly("một kết nối có nhiều nhất %[1]d subscription: hãy kết thúc bớt / a connection has %[1]d subscriptions at most: end some", c.limits.Subscriptions)})
	}
	return operation, nil
}

func (c *connection) refused(ctx context.Context, operation *graphql.OperationContext, errs gqlerror.List) (*graphql.OperationContext, gqlerror.List) {
	return operation, c.executor.DispatchError(graphql.WithOperationContext(ctx, operation), told(errs)).Errors
}

// DispatchOperation runs a subscription that has its place, whose context ends with it.
func (c *connection) DispatchOperation(ctx context.Context, operation *graphql.OperationContext) (graphql.ResponseHandler, context.Context) {
	c.streams.subscriptions.Add(1)
	context.AfterFunc(ctx, func() {
		c.open.Add(-1)
		c.streams.subscriptions.Add(-1)
	})
	return c.executor.DispatchOperation(withLogged(ctx), operation)
}

// DispatchError answers errors of CreateOperationContext.
func (c *connection) DispatchError(_ context.Context, errs gqlerror.List) *graphql.Response {
	return &graphql.Response{Errors: errs}
}
