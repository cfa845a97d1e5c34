package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// exitInterrupted is what shells report for a program that Ctrl-C has ended.
const exitInterrupted = 130

// stopOnSignals returns a context that the first Ctrl-C or SIGTERM cancels, so that the
// command ends in good order. The second ends the program at once; the private database is
// tied to the program and stops by itself.
func stopOnSignals(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		if _, open := <-signals; !open {
			return
		}
		cancel(errInterrupted)
		if _, open := <-signals; open {
			os.Exit(exitInterrupted)
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(signals)
		cancel(nil)
	}
}

// errInterrupted is the cause of a context that a signal has cancelled.
var errInterrupted = interrupted{}

type interrupted struct{}

func (interrupted) Error() string { return "đã dừng theo yêu cầu · stopped on request" }
