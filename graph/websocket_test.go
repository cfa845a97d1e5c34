package graph

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/transport"

	"vunglom/access"
)

type oneCaller access.Caller

func (c oneCaller) Caller(context.Context, string) (access.Caller, error) {
	return access.Caller(c), nil
}

// TestPlacesOfSubscriptionsAreTakenAtOnce: gqlgen checks the next operation of a WebSocket while the one before has yet to begin.
func TestPlacesOfSubscriptionsAreTakenAtOnce(t *testing.T) {
	t.Parallel()
	c := &connection{Handler: NewHandler(nil, Options{Limits: Limits{Subscriptions: 1}})}
	params := &graphql.RawParams{Query: "subscription {snapshotChanged {province}}"}
	ask := func() (*graphql.OperationContext, bool) {
		operation, errs := c.CreateOperationContext(graphql.StartOperationTrace(t.Context()), params)
		return operation, len(errs) == 0
	}
	first, may := ask()
	if _, more := ask(); !may || more {
		t.Fatalf("of two, one may be open: %v, %v", may, more)
	}
	ctx, end := context.WithCancel(graphql.WithOperationContext(t.Context(), first))
	end()
	c.DispatchOperation(ctx, first)
	for deadline := time.Now().Add(2 * time.Minute); c.open.Load() > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the place of one that has ended is not given back")
		}
	}
	if _, again := ask(); !again {
		t.Error("a place that was given back is not had again")
	}
}

// TestAWebSocketKeepsItsPurpose when a token says who asks: it came with the request that opened it.
func TestAWebSocketKeepsItsPurpose(t *testing.T) {
	t.Parallel()
	h := NewHandler(nil, Options{Callers: oneCaller{Issuer: "i", Subject: "an"}})
	r := httptest.NewRequestWithContext(access.With(t.Context(), access.Caller{Purpose: "kiểm tra"}), http.MethodGet, "/graphql", nil)
	c := &connection{Handler: h, request: r, free: func() {}}
	ctx, _, err := c.init(r.Context(), transport.InitPayload{"Authorization": "Bearer x"})
	if caller := access.From(ctx); err != nil || caller.Subject != "an" || caller.Purpose != "kiểm tra" {
		t.Errorf("%+v, %v", caller, err)
	}
	c.leave()
}
