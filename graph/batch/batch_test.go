package batch

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
)

func numbers(n int) *Set {
	set := new(Set)
	for i := range n {
		Add(set, i)
	}
	return set
}

// TestOnceForAll: however many ask, and whenever, the answer is read once for each question.
func TestOnceForAll(t *testing.T) {
	t.Parallel()
	set := numbers(100)
	var reads atomic.Int64
	double := func(_ context.Context, members []int) (map[int]int, error) {
		reads.Add(1)
		answer := map[int]int{}
		for _, m := range members {
			answer[m] = 2 * m
		}
		return answer, nil
	}
	var group sync.WaitGroup
	for i := range 100 {
		group.Go(func() {
			answer, err := Ask(t.Context(), set, "double", double)
			if err != nil || answer[i] != 2*i {
				t.Errorf("%d: %d, %v", i, answer[i], err)
			}
		})
	}
	group.Wait()
	if reads.Load() != 1 {
		t.Errorf("it was read %d times", reads.Load())
	}
	if _, err := Ask(t.Context(), set, "again", double); err != nil || reads.Load() != 2 {
		t.Errorf("another question: %v, %d reads", err, reads.Load())
	}
}

func TestErrorIsForAll(t *testing.T) {
	t.Parallel()
	set, broken := numbers(2), errors.New("broken")
	for range 2 {
		_, err := Ask(t.Context(), set, 1, func(context.Context, []int) (int, error) { return 0, broken })
		if !errors.Is(err, broken) {
			t.Errorf("the error is %v", err)
		}
	}
}

func TestToldIsNotAsked(t *testing.T) {
	t.Parallel()
	set := numbers(2)
	Tell(set, 1, []string{"known"})
	answer, err := Ask(t.Context(), set, 1, func(context.Context, []int) ([]string, error) {
		t.Error("it was asked all the same")
		return nil, nil
	})
	if err != nil || !slices.Equal(answer, []string{"known"}) {
		t.Errorf("%v, %v", answer, err)
	}
}

// TestWhoWaitsMayLeave: a panic of the one who asks, or the end of one's own time, does not
// leave anybody waiting.
func TestWhoWaitsMayLeave(t *testing.T) {
	t.Parallel()
	set := numbers(2)
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic did not come through")
			}
		}()
		_, _ = Ask(t.Context(), set, 1, func(context.Context, []int) (int, error) { panic("lost") })
	}()
	if _, err := Ask(t.Context(), set, 1, func(context.Context, []int) (int, error) { return 1, nil }); !errors.Is(err, errAbandoned) {
		t.Errorf("after a panic: %v", err)
	}
	asked, release := make(chan struct{}), make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		_, _ = Ask(t.Context(), set, 2, func(context.Context, []int) (int, error) {
			close(asked)
			<-release
			return 1, nil
		})
	})
	<-asked
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Ask(ctx, set, 2, func(context.Context, []int) (int, error) { return 1, nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("out of time: %v", err)
	}
	close(release)
	group.Wait()
}
