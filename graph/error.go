package graph

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"vunglom/access"
	"vunglom/db"
	"vunglom/graph/scalar"
	"vunglom/quota"
)

// Code is the machine's word for what went wrong: `extensions.code` of an error.
type Code string

// The codes, all of them.
const (
	CodeBadInput        Code = "BAD_INPUT"
	CodeNotFound        Code = "NOT_FOUND"
	CodeUnauthenticated Code = "UNAUTHENTICATED"
	CodeForbidden       Code = "FORBIDDEN"
	CodeTooCostly       Code = "TOO_COSTLY"
	CodeBusy            Code = "BUSY"
	CodeTimeout         Code = "TIMEOUT"
	CodeInternal        Code = "INTERNAL"
)

// Error is an error made for the one who asks. Everything that is not one (or db's own, or
// the query language's) is internal: it is logged, and the client is told the request's name.
type Error struct {
	Code    Code
	Message string // what to change; Vietnamese, then English
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

func badInput(vi, en string, args ...any) error {
	return &Error{CodeBadInput, fmt.Sprintf(vi, args...) + " / " + fmt.Sprintf(en, args...)}
}

// presenter turns every error into what may be shown.
type presenter struct {
	log       *slog.Logger
	requestID func(context.Context) string
}

// present is gqlgen's error presenter: the one place where a client's view of an error is made.
func (p *presenter) present(ctx context.Context, err error) *gqlerror.Error {
	shown := &gqlerror.Error{Path: graphql.GetPath(ctx)}
	var located *gqlerror.Error
	if errors.As(err, &located) {
		shown.Locations = located.Locations
		if located.Path != nil {
			shown.Path = located.Path
		}
	}
	code, message := p.judge(ctx, err, located)
	shown.Message = message
	shown.Extensions = map[string]any{"code": string(code)}
	if asked := new(db.Error); errors.As(err, &asked) && asked.RetryAfter > 0 {
		shown.Extensions["retryAfter"] = int(asked.RetryAfter.Seconds())
	}
	return shown
}

func (p *presenter) judge(ctx context.Context, err error, located *gqlerror.Error) (Code, string) {
	var own *Error
	var asked *db.Error
	var unread *scalar.Error
	var slow *quota.Refusal
	var refused *access.Refusal
	switch {
	case errors.As(err, &refused):
		return Code(refused.Code), refused.Message
	case errors.As(err, &own):
		return own.Code, own.Message
	case errors.As(err, &asked):
		return Code(asked.Code), asked.Message
	case errors.As(err, &unread):
		return CodeBadInput, unread.Message
	case errors.As(err, &slow):
		return CodeTooCostly, slow.Message
	case ctx.Err() != nil, errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return CodeTimeout, "hết thời gian xử lý: hãy hỏi ít hơn trong một lần / it took too long: ask for less at once (a smaller area, fewer items)"
	case located != nil && located.Err == nil && isQueryError(located):
		return CodeBadInput, located.Message
	case argumentsUnread(ctx):
		return CodeBadInput, "một đối số không đúng kiểu / an argument is not what its type asks for"
	}
	id := p.requestID(ctx)
	p.logOnce(ctx, id, err)
	if db.IsUnavailable(err) {
		return CodeInternal, fmt.Sprintf("cơ sở dữ liệu không trả lời: hãy thử lại sau ít phút (yêu cầu %s) / the database does not answer: try again in a minute (request %s)", id, id)
	}
	return CodeInternal, fmt.Sprintf("lỗi nội bộ, yêu cầu %s / internal error, request %s", id, id)
}

// isQueryError tells whether an error is the parser's or the validator's.
func isQueryError(err *gqlerror.Error) bool {
	code, _ := err.Extensions["code"].(string)
	return err.Rule != "" || code == errcode.ParseFailed || code == errcode.ValidationFailed
}

// argumentsUnread tells whether the field's arguments could not be read: gqlgen then leaves
// them nil, and its errors about built-in types (an Int beyond 64 bits) have no type.
func argumentsUnread(ctx context.Context) bool {
	field := graphql.GetFieldContext(ctx)
	return field != nil && field.Args == nil && field.Field.Field != nil &&
		field.Field.Definition != nil && len(field.Field.Definition.Arguments) > 0
}

// logOnce writes an internal error to the log: once a request, though a thousand fields may
// have waited for the same answer.
func (p *presenter) logOnce(ctx context.Context, id string, err error) {
	root := err
	for next := errors.Unwrap(root); next != nil; next = errors.Unwrap(next) {
		if _, wrapper := root.(*gqlerror.Error); !wrapper {
			break
		}
		root = next
	}
	if seen, ok := ctx.Value(loggedKey{}).(*sync.Map); ok {
		if _, known := seen.LoadOrStore(root.Error(), true); known {
			return
		}
	}
	p.log.ErrorContext(ctx, "a field failed", "request", id, "path", graphql.GetPath(ctx).String(), "error", err)
}

// loggedKey finds what a request has logged already.
type loggedKey struct{}

func withLogged(ctx context.Context) context.Context {
	return context.WithValue(ctx, loggedKey{}, new(sync.Map))
}

// recovered turns a panic in a resolver into an internal error, and logs where it was.
func (p *presenter) recovered(ctx context.Context, cause any) error {
	p.log.ErrorContext(ctx, "a resolver panicked", "request", p.requestID(ctx), "cause", cause, "stack", string(debug.Stack()))
	return fmt.Errorf("panic: %v", cause)
}
