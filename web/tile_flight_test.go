package web

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// TestFlightsAreShared: however many wait for an answer, it is made once; the next who asks after that has it made anew.
func TestFlightsAreShared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, made, hold := newFlights[int](time.Minute), 0, make(chan struct{})
		ask := func() (int, bool, error) {
			return f.join(t.Context(), "key", func(context.Context) (int, error) {
				made++
				<-hold
				return made, nil
			})
		}
		var all sync.WaitGroup
		alone := make(chan bool, 50)
		for range 50 {
			all.Go(func() {
				n, shared, err := ask()
				if n != 1 || err != nil {
					t.Errorf("%d, %v", n, err)
				}
				if !shared {
					alone <- true
				}
			})
		}
		synctest.Wait()
		close(hold)
		all.Wait()
		if made != 1 || len(alone) != 1 || len(f.current) != 0 {
			t.Errorf("made %d times, by %d, %d left", made, len(alone), len(f.current))
		}
		if n, _, err := ask(); n != 2 || err != nil {
			t.Errorf("later: %d, %v", n, err)
		}
	})
}

// TestFlightsEndWithTheLast: the work goes on while anybody waits, and ends when the last has left; who comes then begins anew.
func TestFlightsEndWithTheLast(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFlights[int](time.Hour)
		var begun, ended atomic.Int32
		stuck := func(ctx context.Context) (int, error) {
			begun.Add(1)
			<-ctx.Done()
			time.Sleep(time.Minute) // a statement takes a moment to end
			ended.Add(1)
			return 0, ctx.Err()
		}
		leave := make([]context.CancelFunc, 3)
		left := make(chan error, 3)
		for i := range leave {
			ctx, cancel := context.WithCancel(t.Context())
			leave[i] = cancel
			go func() {
				_, _, err := f.join(ctx, "key", stuck)
				left <- err
			}()
		}
		synctest.Wait()
		for i, cancel := range leave {
			cancel()
			if err := <-left; !errors.Is(err, context.Canceled) {
				t.Errorf("%d: %v", i, err)
			}
			synctest.Wait()
			if kept := len(f.current) == 1; kept != (i < 2) {
				t.Errorf("after %d of 3 have left it goes on: %v", i+1, kept)
			}
		}
		n, shared, err := f.join(t.Context(), "key", func(context.Context) (int, error) { return 7, nil })
		if n != 7 || shared || err != nil || ended.Load() != 0 {
			t.Errorf("who comes while the old one ends: %d, shared %v, %v", n, shared, err)
		}
		time.Sleep(2 * time.Minute)
		if begun.Load() != 1 || ended.Load() != 1 || len(f.current) != 0 {
			t.Errorf("begun %d, ended %d, %d left", begun.Load(), ended.Load(), len(f.current))
		}
	})
}

// TestFlightsEndInTime: nothing takes longer than the limit, and a panic is an error of those who wait.
func TestFlightsEndInTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFlights[int](time.Minute)
		_, _, err := f.join(t.Context(), "slow", func(ctx context.Context) (int, error) {
			<-ctx.Done()
			return 0, ctx.Err()
		})
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("too slow: %v", err)
		}
		_, _, err = f.join(t.Context(), "broken", func(context.Context) (int, error) { panic("broken") })
		if err == nil || !strings.Contains(err.Error(), "broken") || len(f.current) != 0 {
			t.Errorf("a panic: %v, %d left", err, len(f.current))
		}
	})
}

// TestTileCacheIsBounded: it never holds more bytes than it may, and gives up what nobody has asked for the longest.
func TestTileCacheIsBounded(t *testing.T) {
	t.Parallel()
	tile := func(bytes int) *packedTile { return &packedTile{gzip: make([]byte, bytes)} }
	const most = 10 * 2000
	c := newTileCache(most)
	for i := range 1000 {
		c.put(fmt.Sprint("tile ", i), tile(1000+i%500))
		c.get("tile 0") // asked for always, so never given up
		var bytes int64
		for e := c.order.Front(); e != nil; e = e.Next() {
			bytes += e.Value.(*kept).bytes()
		}
		if c.size() != bytes || bytes > most || c.order.Len() != len(c.byKey) {
			t.Fatalf("after %d: %d bytes counted, %d held, %d in order, %d by key", i, c.size(), bytes, c.order.Len(), len(c.byKey))
		}
	}
	if c.get("tile 0") == nil || c.get("tile 999") == nil || c.get("tile 1") != nil {
		t.Error("it keeps the wrong ones")
	}
	before := c.size()
	c.put("too large", tile(most))
	c.put("tile 999", tile(1))
	if c.get("too large") != nil || c.size() != before {
		t.Errorf("%d bytes, %d before", c.size(), before)
	}
	none := newTileCache(0)
	none.put("any", tile(0))
	if none.get("any") != nil || none.size() != 0 {
		t.Error("0 keeps something")
	}
}
