package web

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"
)

// flights are the answers being made, so that one is made once however many wait for it. golang.org/x/sync/singleflight
// ends with the first that asked, or never; a flight ends when the last who waits has left.
type flights[T any] struct {
	limit time.Duration // of one

	mu      sync.Mutex
	current map[string]*flight[T]
}

type flight[T any] struct {
	waiting int
	cancel  context.CancelFunc
	landed  chan struct{} // closed when answer and err are there
	answer  T
	err     error
}

func newFlights[T any](limit time.Duration) *flights[T] {
	return &flights[T]{limit: limit, current: map[string]*flight[T]{}}
}

// join waits for the answer of that key, which is made unless it is being made. Shared tells whether it was.
func (f *flights[T]) join(ctx context.Context, key string, create func(context.Context) (T, error)) (answer T, shared bool, err error) {
	f.mu.Lock()
	c, shared := f.current[key]
	if !shared {
		work, cancel := context.WithTimeout(context.WithoutCancel(ctx), f.limit)
		c = &flight[T]{cancel: cancel, landed: make(chan struct{})}
		f.current[key] = c
		go f.fly(work, key, c, create)
	}
	c.waiting++
	f.mu.Unlock()
	select {
	case <-c.landed:
		return c.answer, shared, c.err
	case <-ctx.Done():
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if c.waiting--; c.waiting == 0 {
		c.cancel()
		f.end(key, c) // who comes now begins anew
	}
	return answer, shared, ctx.Err()
}

func (f *flights[T]) fly(ctx context.Context, key string, c *flight[T], create func(context.Context) (T, error)) {
	defer func() {
		if cause := recover(); cause != nil { // it would end the program, not the request
			c.err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		}
		f.mu.Lock()
		f.end(key, c)
		f.mu.Unlock()
		c.cancel()
		close(c.landed)
	}()
	c.answer, c.err = create(ctx)
}

// end takes a flight out, unless another of its key has begun.
func (f *flights[T]) end(key string, c *flight[T]) {
	if f.current[key] == c {
		delete(f.current, key)
	}
}
