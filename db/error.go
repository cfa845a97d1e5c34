package db

import (
	"errors"
	"fmt"
)

// Code is the machine's word for what was wrong with a question.
type Code string

// The codes of the errors that a question can cause. Every other error is internal: it is logged, never shown.
const (
	CodeBadInput  Code = "BAD_INPUT"
	CodeNotFound  Code = "NOT_FOUND"
	CodeTooCostly Code = "TOO_COSTLY"
)

// Error says what is wrong with a question, for the person who asks: in Vietnamese, then in English. Find it with
// errors.As; its text may be shown as it is.
type Error struct {
	Code    Code
	Message string
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// IsNotFound tells whether err says that what was asked for does not exist.
func IsNotFound(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == CodeNotFound
}

func badInput(vi, en string, args ...any) error { return say(CodeBadInput, vi, en, args) }
func notFound(vi, en string, args ...any) error { return say(CodeNotFound, vi, en, args) }

// say formats both languages with the same arguments.
func say(code Code, vi, en string, args []any) error {
	return &Error{Code: code, Message: fmt.Sprintf(vi, args...) + " / " + fmt.Sprintf(en, args...)}
}
