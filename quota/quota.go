// Package quota gives each client a share of the server, so that one of them can't take what belongs to all: so many
// requests at a time, so many open subscriptions, and work at a rate, in the objects that limits of queries count in. It is
// one for GraphQL, tiles and files.
package quota

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"
)

// Settings are the shares. All of them are above 0.
type Settings struct {
	Requests int            // of one client, answered at a time
	Streams  int            // of one client: WebSockets and streams of events, open at a time
	Rate     float64        // of work, objects a second
	Burst    int            // of work, objects that a client who has rested may ask for at once
	Proxies  []netip.Prefix // whose X-Forwarded-For is believed
}

// known is how many clients are remembered, those seen last. About 3 MB; whoever has as many addresses to ask from gets more than his share.
const known = 10_000

// Clients are all who ask. It is safe for concurrent use; nil: there are no shares, everything is let through.
type Clients struct {
	settings Settings
	figures  Figures

	mu     sync.Mutex
	byName *simplelru.LRU[string, *Client]
}

// Figures are what has happened since the start.
type Figures struct {
	Spent                            atomic.Int64 // objects
	RefusedAtOnce, Unopened, TooFast atomic.Int64 // requests refused by Requests, by Streams, by Rate
}

// New returns clients who have asked for nothing yet.
func New(s Settings) *Clients {
	byName, err := simplelru.NewLRU[string, *Client](known, nil)
	if err != nil {
		panic("quota: " + err.Error()) // only for a size that is none
	}
	return &Clients{settings: s, byName: byName}
}

// Figures returns what has happened since the start.
func (c *Clients) Figures() *Figures { return &c.figures }

// Known is how many clients are remembered.
func (c *Clients) Known() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.byName.Len()
}

// Of returns the client of a request.
func (c *Clients) Of(r *http.Request) *Client {
	if c == nil {
		return nil
	}
	name := c.name(r)
	c.mu.Lock()
	defer c.mu.Unlock()
	client, seen := c.byName.Get(name)
	if !seen {
		client = &Client{all: c, work: rate.NewLimiter(rate.Limit(c.settings.Rate), c.settings.Burst)}
		c.byName.Add(name, client)
	}
	return client
}

// Client is one who asks. nil is let through.
type Client struct {
	all               *Clients
	work              *rate.Limiter
	requests, streams atomic.Int64
}

// Refusal says which share is used up, and when to come again. Its message is for the client: Vietnamese, then English.
type Refusal struct {
	Message string
	Wait    time.Duration
}

// Error returns the message.
func (r *Refusal) Error() string { return r.Message }

// Seconds is what Retry-After says: whole seconds, at least one.
func (r *Refusal) Seconds() int { return max(1, int((r.Wait+time.Second-1)/time.Second)) }

// Enter begins a request, which is over when leave is called; it may be called again.
func (c *Client) Enter() (leave func(), err error) {
	if c == nil {
		return func() {}, nil
	}
	most := c.all.settings.Requests
	if c.requests.Add(1) > int64(most) {
		c.requests.Add(-1)
		c.all.figures.RefusedAtOnce.Add(1)
		return nil, &Refusal{fmt.Sprintf("mỗi máy khách có nhiều nhất %[1]d yêu cầu cùng lúc: hãy đợi một câu trả lời rồi hỏi tiếp / a client has %[1]d requests at a time at most: wait for one to be answered", most), time.Second}
	}
	return sync.OnceFunc(func() { c.requests.Add(-1) }), nil
}

// Open begins a connection that stays open, which is over when leave is called.
func (c *Client) Open() (leave func(), err error) {
	if c == nil {
		return func() {}, nil
	}
	most := c.all.settings.Streams
	if c.streams.Add(1) > int64(most) {
		c.streams.Add(-1)
		c.all.figures.Unopened.Add(1)
		return nil, &Refusal{fmt.Sprintf("mỗi máy khách có nhiều nhất %[1]d kết nối theo dõi: hãy đóng bớt / a client has %[1]d connections with subscriptions at most: close some", most), 10 * time.Second}
	}
	return sync.OnceFunc(func() { c.streams.Add(-1) }), nil
}

// Spend takes work from the client's share. Where there is too little left, nothing is taken.
func (c *Client) Spend(objects int) error {
	if c == nil || objects <= 0 {
		return nil
	}
	now, s := time.Now(), c.all.settings
	taken := c.work.ReserveN(now, objects)
	wait := taken.DelayFrom(now) // for ever, where it is more than the burst
	if taken.OK() && wait == 0 {
		c.all.figures.Spent.Add(int64(objects))
		return nil
	}
	taken.CancelAt(now)
	c.all.figures.TooFast.Add(1)
	refusal := &Refusal{Wait: min(wait, time.Hour)}
	refusal.Message = fmt.Sprintf("hỏi quá nhanh: câu này giá %[1]d, máy khách này còn %[2]d, thêm %[3]g mỗi giây: hãy đợi %[4]d giây hoặc hỏi ít hơn / too fast: this costs %[1]d, this client has %[2]d left and gets %[3]g a second: wait %[4]d seconds, or ask for less",
		objects, max(0, int(c.work.TokensAt(now))), s.Rate, refusal.Seconds())
	return refusal
}

// LinkCost is what linking gap households into areas takes from a client's share, in objects, however it is asked for.
const LinkCost = 5000

type clientKey struct{}

// With returns a context of a request of the client.
func With(ctx context.Context, c *Client) context.Context {
	return context.WithValue(ctx, clientKey{}, c)
}

// From returns the client whose request a context belongs to; nil where none was set.
func From(ctx context.Context) *Client {
	c, _ := ctx.Value(clientKey{}).(*Client)
	return c
}
