package quota

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"vunglom/access"
)

var shares = Settings{Requests: 2, Streams: 1, Rate: 10, Burst: 100, Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}}

func asked(ctx context.Context, from string, forwarded ...string) *http.Request {
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil)
	r.RemoteAddr = from
	for _, each := range forwarded {
		r.Header.Add("X-Forwarded-For", each)
	}
	return r
}

// TestClientsAreToldApart: by who they are, else by where they ask from; a header that anybody may write is believed of
// proxies only.
func TestClientsAreToldApart(t *testing.T) {
	t.Parallel()
	c, ctx := New(shares), t.Context()
	an := access.With(ctx, access.Caller{Issuer: "https://id.example.vn", Subject: "an"})
	binh := access.With(ctx, access.Caller{Issuer: "https://id.example.vn", Subject: "binh"})
	for name, r := range map[string]*http.Request{
		"203.0.113.5":                 asked(ctx, "203.0.113.5:1"),
		"2001:db8:1:2::/64":           asked(ctx, "[2001:db8:1:2:3:4:5:6]:80"),
		"203.0.113.6":                 asked(ctx, "203.0.113.6:1", "198.51.100.1"), // no proxy
		"198.51.100.1":                asked(ctx, "10.0.0.1:1", "198.51.100.1"),
		"198.51.100.2":                asked(ctx, "[::1]:1", "192.0.2.1, 198.51.100.2", "10.0.0.7"), // the first is the client's own word
		"10.0.0.1":                    asked(ctx, "10.0.0.1:1", "unknown"),
		"10.0.0.2":                    asked(ctx, "10.0.0.2:1"),
		"203.0.113.7":                 asked(ctx, "[::ffff:203.0.113.7]:1"),
		"https://id.example.vn\x00an": asked(an, "203.0.113.5:1"),
		"203.0.113.8":                 asked(access.With(ctx, access.Local()), "203.0.113.8:1"),
		"@":                           asked(ctx, "@"),
	} {
		if got := c.name(r); got != name {
			t.Errorf("%s is %q, want %q", r.RemoteAddr, got, name)
		}
	}
	if c.Of(asked(an, "203.0.113.5:1")) != c.Of(asked(an, "198.51.100.9:1")) || c.Of(asked(an, "203.0.113.5:1")) == c.Of(asked(binh, "203.0.113.5:1")) {
		t.Error("a person is one client from everywhere, and no other person")
	}
}

func refused(t *testing.T, err error, says string) *Refusal {
	t.Helper()
	var r *Refusal
	if !errors.As(err, &r) || !strings.Contains(r.Message, says) {
		t.Fatalf("%v, want a refusal that says %q", err, says)
	}
	return r
}

func TestRequestsAtATimeAreCounted(t *testing.T) {
	t.Parallel()
	c := New(shares)
	one, other := c.Of(asked(t.Context(), "203.0.113.5:1")), c.Of(asked(t.Context(), "203.0.113.6:1"))
	leave, err := one.Enter()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := one.Enter(); err != nil {
		t.Fatal(err)
	}
	_, err = one.Enter()
	if r := refused(t, err, "2 requests at a time"); r.Seconds() != 1 {
		t.Errorf("come again in %d s", r.Seconds())
	}
	if _, err := other.Enter(); err != nil {
		t.Error("another client was refused:", err)
	}
	leave()
	leave() // counts once
	if _, err := one.Enter(); err != nil {
		t.Error("a place was given back, but:", err)
	}
	_, err = one.Enter()
	refused(t, err, "2 requests")
	if c.Figures().RefusedAtOnce.Load() != 2 {
		t.Errorf("%d refused", c.Figures().RefusedAtOnce.Load())
	}
}

func TestStreamsAreCounted(t *testing.T) {
	t.Parallel()
	one := New(shares).Of(asked(t.Context(), "203.0.113.5:1"))
	leave, err := one.Open()
	if err != nil {
		t.Fatal(err)
	}
	_, err = one.Open()
	refused(t, err, "1 connections")
	leave()
	if _, err := one.Open(); err != nil {
		t.Error(err)
	}
}

// TestWorkIsRated: who has rested may ask for a burst, then for what comes back.
func TestWorkIsRated(t *testing.T) {
	t.Parallel()
	slow := shares
	slow.Rate = 0.01 // nothing worth counting comes back while the test runs
	c := New(slow)
	one, other := c.Of(asked(t.Context(), "203.0.113.5:1")), c.Of(asked(t.Context(), "203.0.113.6:1"))
	if err := one.Spend(90); err != nil {
		t.Fatal(err)
	}
	if r := refused(t, one.Spend(11), "costs 11, this client has 10 left"); r.Seconds() < 50 || r.Seconds() > 100 {
		t.Errorf("come again in %d s; 1 object is missing, at 0.01 a second", r.Seconds())
	}
	if err := one.Spend(10); err != nil {
		t.Error("a refusal took something:", err)
	}
	if err := other.Spend(100); err != nil {
		t.Error("another client was refused:", err)
	}
	if r := refused(t, other.Spend(101), "costs 101"); r.Wait != time.Hour {
		t.Errorf("more than a burst: come again in %v", r.Wait)
	}
	if c.Figures().Spent.Load() != 200 {
		t.Errorf("%d spent", c.Figures().Spent.Load())
	}
}

// TestMemoryIsBounded: however many addresses ask.
func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	c := New(shares)
	var all sync.WaitGroup
	for k := range 4 {
		all.Go(func() {
			for i := range known {
				_ = c.Of(asked(t.Context(), fmt.Sprintf("203.%d.%d.%d:1", k, i/256, i%256))).Spend(1)
			}
		})
	}
	all.Wait()
	if c.Known() != known {
		t.Errorf("%d clients are remembered, want %d", c.Known(), known)
	}
}

// TestWithoutSharesEverythingGoes: a server that counts nobody.
func TestWithoutSharesEverythingGoes(t *testing.T) {
	t.Parallel()
	var none *Clients
	one := none.Of(asked(t.Context(), "203.0.113.5:1"))
	leave, err := one.Enter()
	if err != nil || one.Spend(1<<40) != nil || From(With(t.Context(), one)) != nil {
		t.Error(err)
	}
	leave()
}
