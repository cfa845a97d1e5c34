package webhook

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"vunglom/db"
)

// Teller tells systems of changes.
type Teller struct {
	DB      *db.DB
	Systems map[string]*Settings // by client id; checked
	Retry   Retry                // checked
}

const (
	lookEvery  = time.Minute      // a system is looked after so often, though nothing was heard of
	pause      = time.Second      // between two messages to a system that takes them: what comes meanwhile is one
	again      = 2 * time.Second  // the database is tried again after
	toNote     = 10 * time.Second // for the database to note what became of a message
	margin     = 5 * time.Second  // for a program that is slow to send and to note; later another one sends the message too
	mostWaited = 24 * time.Hour   // by a Retry-After
)

// Run tells each system of changes, whichever program tells of them, until the context ends; it returns when what is under way has been
// answered and noted. Every system is told of each change at least once: what a program that died had under way is sent again.
func (t *Teller) Run(ctx context.Context) {
	if len(t.Systems) == 0 {
		return
	}
	webhooks := make([]db.Webhook, 0, len(t.Systems))
	for consumer, s := range t.Systems {
		webhooks = append(webhooks, db.Webhook{Consumer: consumer, Kinds: s.kinds, Units: s.units, Caller: s.caller})
	}
	for {
		err := t.DB.RegisterWebhooks(ctx, webhooks)
		if err == nil {
			break
		}
		if ctx.Err() == nil {
			slog.WarnContext(ctx, "webhooks could not be registered; trying again", "in", again, "error", err)
		}
		if !sleep(ctx, nil, again) {
			return
		}
	}
	var systems sync.WaitGroup
	for consumer, s := range t.Systems { // each by itself: a slow one holds up no other
		systems.Go(func() { t.keep(ctx, consumer, s) })
	}
	systems.Wait()
}

// keep tells one system.
func (t *Teller) keep(ctx context.Context, consumer string, s *Settings) {
	landed, end := t.DB.WatchChanges()
	defer end()
	for ctx.Err() == nil {
		message, wait, err := t.DB.ClaimWebhook(ctx, consumer, t.Retry.time+toNote+margin)
		switch {
		case ctx.Err() != nil && message == nil:
			return
		case err != nil:
			slog.WarnContext(ctx, "what a webhook is to be told could not be read; trying again", "consumer", consumer, "in", again, "error", err)
			sleep(ctx, nil, again)
		case message != nil:
			t.tell(context.WithoutCancel(ctx), s, message)
		case wait > 0:
			sleep(ctx, nil, min(wait, lookEvery))
		default:
			sleep(ctx, landed, lookEvery)
		}
	}
}

// tell sends a message and notes what became of it.
func (t *Teller) tell(ctx context.Context, s *Settings, m *db.WebhookMessage) {
	sending, cancel := context.WithTimeout(ctx, t.Retry.time)
	failed := s.send(sending, m, time.Now())
	cancel()
	noting, cancel := context.WithTimeout(ctx, toNote)
	defer cancel()
	if failed == nil {
		if err := t.DB.WebhookDelivered(noting, m, pause); err != nil {
			slog.WarnContext(ctx, "a webhook took a message, which could not be noted: it will be sent again", "consumer", m.Consumer, "message", m.ID, "error", err)
			return
		}
		slog.DebugContext(ctx, "webhook told", "consumer", m.Consumer, "message", m.ID)
		return
	}
	wait := t.Retry.wait(m.Attempts, rand.Float64())
	if failed.after > 0 {
		wait = min(failed.after, mostWaited)
	}
	ended, err := t.DB.WebhookFailed(noting, m, db.WebhookFailure{Why: failed.why, Gone: failed.gone, Wait: wait, GiveUp: t.Retry.giveUp})
	switch {
	case err != nil:
		slog.WarnContext(ctx, "a webhook took no message, which could not be noted: it will be tried again", "consumer", m.Consumer, "message", m.ID, "why", failed.why, "error", err)
	case ended != "":
		slog.ErrorContext(ctx, "a webhook is told no more; when it is mended: vunglom webhooks --resume", "consumer", m.Consumer, "message", m.ID, "why", failed.why, "ended", ended)
	default:
		slog.WarnContext(ctx, "a webhook took no message; trying again", "consumer", m.Consumer, "message", m.ID, "why", failed.why, "attempts", m.Attempts+1, "in", wait.Round(time.Millisecond))
	}
}

// wait is how long a system is left alone after one more failure than so many; chance is 0 to 1.
func (r *Retry) wait(failures int, chance float64) time.Duration {
	wait := r.first
	for ; failures > 0 && wait < r.longest; failures-- {
		wait *= 2
	}
	return time.Duration(float64(min(wait, r.longest)) * (0.5 + chance))
}

// sleep waits for a time, or for something to land; false: the context has ended.
func sleep(ctx context.Context, landed <-chan struct{}, most time.Duration) bool {
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-landed:
	case <-timer.C:
	}
	return true
}
