package db

import (
	"context"
	"sync"
)

// lines let one at a time go on of those who name the same thing; who names another does not wait for them.
type lines struct {
	mutex sync.Mutex
	named map[string]*line
}

// line is one of them, kept while anybody stands in it.
type line struct {
	turn  chan struct{} // holds one while somebody goes on
	stand int           // how many stand in it, whose turn it is among them
}

// wait returns when it is the caller's turn, who says when the next one's is; or when the context ends, with its error.
func (l *lines) wait(ctx context.Context, name string) (next func(), err error) {
	l.mutex.Lock()
	mine := l.named[name]
	if mine == nil {
		mine = &line{turn: make(chan struct{}, 1)}
		l.named[name] = mine
	}
	mine.stand++
	l.mutex.Unlock()
	leave := func() {
		l.mutex.Lock()
		defer l.mutex.Unlock()
		if mine.stand--; mine.stand == 0 {
			delete(l.named, name)
		}
	}
	select {
	case mine.turn <- struct{}{}:
		return func() { <-mine.turn; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
}
