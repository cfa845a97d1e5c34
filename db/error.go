package db

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// Code is the machine's word for what was wrong with a question.
type Code string

// The codes of the errors that a question can cause. Every other error is internal: it is logged, never shown.
const (
	CodeBadInput  Code = "BAD_INPUT"
	CodeNotFound  Code = "NOT_FOUND"
	CodeTooCostly Code = "TOO_COSTLY"
	CodeForbidden Code = "FORBIDDEN"
	CodeGone      Code = "GONE" // what a cursor goes on from is no more; GraphQL has none such
	CodeBusy      Code = "BUSY" // others change the same province: the same may be sent again later, see Error.RetryAfter
)

// Error says what is wrong with a question, for the person who asks: in Vietnamese, then in English. Find it with
// errors.As; its text may be shown as it is.
type Error struct {
	Code       Code
	Message    string
	RetryAfter time.Duration // of BUSY: when the same may be sent again
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// IsNotFound tells whether err says that what was asked for does not exist.
func IsNotFound(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == CodeNotFound
}

// IsUnavailable tells whether err says that the database can't be asked now, whatever the question is: it is away, it starts or
// stops, it has no connection or no room left, or the connection was lost in the midst of an answer.
func IsUnavailable(err error) bool {
	var told *pgconn.PgError
	var connect *pgconn.ConnectError
	var network net.Error
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return false // who asked gave it no more time
	}
	if errors.As(err, &told) { // PostgreSQL's classes: connection exception, insufficient resources, operator intervention
		return strings.HasPrefix(told.Code, "08") || strings.HasPrefix(told.Code, "53") || strings.HasPrefix(told.Code, "57P")
	}
	return errors.As(err, &connect) || errors.As(err, &network) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed)
}

func badInput(vi, en string, args ...any) error { return say(CodeBadInput, vi, en, args) }
func notFound(vi, en string, args ...any) error { return say(CodeNotFound, vi, en, args) }
func forbidden(vi, en string) error             { return say(CodeForbidden, vi, en, nil) }

// busy is the error of who would change a province that others change.
func busy(province string) error {
	seconds := int(busyAfter.Seconds())
	return &Error{CodeBusy, fmt.Sprintf("tỉnh %[1]q đang được nạp hoặc đang có nhiều lượt ghi: hãy gửi lại y như vậy sau %[2]d giây / province %[1]q is being imported, or many write of it: send the same again in %[2]d seconds", province, seconds), busyAfter}
}

// say formats both languages with the same arguments.
func say(code Code, vi, en string, args []any) error {
	return &Error{Code: code, Message: fmt.Sprintf(vi, args...) + " / " + fmt.Sprintf(en, args...)}
}
