package db

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"vunglom/access"
)

// Webhook is a system that is told that there are changes.
type Webhook struct {
	Consumer string        // its client id
	Kinds    []string      // of the changes that it follows: coverage, report
	Units    []access.Unit // in which coverage has to lie; none: anywhere. A code without a province is meant in any
	Caller   access.Caller // what it is when it reads the feed: it is told of nothing that it would not find there
}

// unitNames are units as change.within names them, those without a province without one.
func unitNames(units []access.Unit) (names []string) {
	for _, u := range units {
		if province, code, named := strings.Cut(u.Code, "/"); named {
			names = append(names, province+"/"+u.Level+":"+code)
		} else {
			names = append(names, u.Level+":"+u.Code)
		}
	}
	return names
}

// enqueue writes into the outbox who is to be told of what this transaction tells of. The feed is locked until its end.
func enqueue(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, importQuery("webhook_outbox"))
	return err
}

// RegisterWebhooks has systems told of changes from now on, and that there are some where they have not been told. Others that were registered stay so.
func (d *DB) RegisterWebhooks(ctx context.Context, webhooks []Webhook) error {
	err := d.asOwner(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, importQuery("feed_lock")); err != nil {
			return err
		}
		for _, w := range webhooks {
			args := pgx.StrictNamedArgs{"consumer": w.Consumer, "kinds": w.Kinds, "units": unitNames(w.Units), "granted": nil}
			if everywhere, granted := w.Caller.Scope(access.Aggregates); !everywhere {
				args["granted"] = append([]string{}, unitNames(granted)...)
			}
			if _, err := tx.Exec(ctx, importQuery("webhook_register"), args); err != nil {
				return err
			}
		}
		return enqueue(ctx, tx)
	})
	if err != nil {
		return fmt.Errorf("webhooks: %w", err)
	}
	return nil
}

// WebhookMessage is what a system is to be told: that there are changes up to one.
type WebhookMessage struct {
	Consumer  string
	ID        string    // the same however often it is sent
	Sequence  int64     // of the latest change
	Epoch     string    // of that
	WrittenAt time.Time // when that came about
	Attempts  int       // that have failed since the system last took a message
	Lease     time.Time // until when nobody else sends it
}

// ClaimWebhook takes what a system is to be told now; for so long nobody else is given it. Where there is nothing, the message is nil, and
// wait says when to ask again: at a time that is known, or not before something changes (0).
func (d *DB) ClaimWebhook(ctx context.Context, consumer string, lease time.Duration) (message *WebhookMessage, wait time.Duration, err error) {
	err = d.asOwner(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, importQuery("webhook_claim"), pgx.StrictNamedArgs{"consumer": consumer, "lease": lease})
		if err != nil {
			return err
		}
		claimed, err := pgx.CollectRows(rows, pgx.RowToStructByName[WebhookMessage])
		if err != nil {
			return err
		}
		if len(claimed) > 0 {
			message = &claimed[0]
			return nil
		}
		if rows, err = tx.Query(ctx, importQuery("webhook_wait"), pgx.StrictNamedArgs{"consumer": consumer}); err != nil {
			return err
		}
		seconds, err := pgx.CollectRows(rows, pgx.RowTo[float64])
		if len(seconds) > 0 {
			wait = max(time.Duration(seconds[0]*float64(time.Second)), time.Millisecond)
		}
		return err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("webhooks: %w", err)
	}
	return message, wait, nil
}

// WebhookDelivered notes that a system took a message; it is told nothing more before pause is over.
func (d *DB) WebhookDelivered(ctx context.Context, m *WebhookMessage, pause time.Duration) error {
	return d.asOwner(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, importQuery("webhook_delivered"), pgx.StrictNamedArgs{"consumer": m.Consumer, "lease": m.Lease, "sequence": m.Sequence, "pause": pause})
		return err
	})
}

// WebhookFailure is why a system did not take a message, and what follows.
type WebhookFailure struct {
	Why    string
	Gone   bool          // it wants no more
	Wait   time.Duration // it is left alone for so long
	GiveUp time.Duration // it is told no more when it has failed for longer
}

// Why a system is told no more.
const (
	WebhookGone    = "gone"     // it said so itself
	WebhookGivenUp = "given up" // it has failed for too long
)

// WebhookFailed notes that a system did not take a message. It answers why it is told no more; empty: it is tried again.
func (d *DB) WebhookFailed(ctx context.Context, m *WebhookMessage, f WebhookFailure) (ended string, err error) {
	err = d.asOwner(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, importQuery("webhook_failed"), pgx.StrictNamedArgs{"consumer": m.Consumer, "lease": m.Lease, "failure": f.Why, "gone": f.Gone, "wait": f.Wait, "give_up": f.GiveUp})
		if err != nil {
			return err
		}
		answers, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if len(answers) > 0 {
			ended = answers[0]
		}
		return err
	})
	return ended, err
}

// WebhookState is what has become of a system that is told of changes.
type WebhookState struct {
	Consumer     string
	Kinds, Units []string
	Pending      bool       // there is something that it has not been told
	WrittenAt    *time.Time // when that, or what it was told last, came about
	ToldAt       *time.Time // when it last took a message
	Delivered    int64      // messages that it took
	Failed       int64      // attempts that failed
	Attempts     int        // of those, since it last took one
	FailingSince *time.Time // when the first of those was
	Failure      string     // why the last of those failed
	Ended        string     // why it is told no more (WebhookGone, WebhookGivenUp); empty: it is told
	EndedAt      *time.Time
}

// Where a system stands that is told no more, as WebhookGone and WebhookGivenUp, or that is.
const (
	WebhookTold    = "told"    // it took everything that there was to tell
	WebhookPending = "pending" // something is to be told
	WebhookFailing = "failing" // it took nothing the last time
)

// Standing is where a system stands.
func (s WebhookState) Standing() string {
	switch {
	case s.Ended != "":
		return s.Ended
	case s.FailingSince != nil:
		return WebhookFailing
	case s.Pending:
		return WebhookPending
	}
	return WebhookTold
}

// WebhookStandings are all of them.
func WebhookStandings() []string {
	return []string{WebhookTold, WebhookPending, WebhookFailing, WebhookGone, WebhookGivenUp}
}

// WebhookStates answers what has become of each system that was ever registered, by client id.
func (d *DB) WebhookStates(ctx context.Context) (states []WebhookState, err error) {
	err = d.asOwner(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, importQuery("webhook_all"))
		if err != nil {
			return err
		}
		states, err = pgx.CollectRows(rows, pgx.RowToStructByName[WebhookState])
		return err
	})
	return states, err
}

// ResumeWebhook tells a system again that was told no more; false: there is no such system.
func (d *DB) ResumeWebhook(ctx context.Context, consumer string) (bool, error) {
	return d.changeWebhook(ctx, "webhook_resume", consumer)
}

// ForgetWebhook forgets a system that was told of changes; false: there is no such system. A program whose settings still name it registers it anew.
func (d *DB) ForgetWebhook(ctx context.Context, consumer string) (bool, error) {
	return d.changeWebhook(ctx, "webhook_forget", consumer)
}

func (d *DB) changeWebhook(ctx context.Context, statement, consumer string) (found bool, err error) {
	err = d.asOwner(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, importQuery(statement), pgx.StrictNamedArgs{"consumer": consumer})
		found = tag.RowsAffected() > 0
		return err
	})
	return found, err
}

// WatchChanges returns a channel that something is sent on when changes may have landed, whichever program tells of them, and what ends that.
func (d *DB) WatchChanges() (landed <-chan struct{}, end func()) {
	w, end := d.listener.watch("", false)
	return w.wake, end
}
