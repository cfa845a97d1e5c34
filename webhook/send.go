package webhook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"vunglom/auth"
	"vunglom/db"
	"vunglom/outbound"
)

// content is what a message says: that there are changes up to one. It names no unit and no figure.
type content struct {
	Type      string    `json:"type"`
	Timestamp time.Time `json:"timestamp"` // when the latest of them came about
	Data      struct {
		Cursor string `json:"cursor"` // of the latest of them
	} `json:"data"`
}

func bodyOf(m *db.WebhookMessage) ([]byte, error) {
	c := content{Type: "changes.available", Timestamp: m.WrittenAt.UTC().Truncate(time.Millisecond)}
	c.Data.Cursor = db.FeedCursor(m.Sequence, m.Epoch)
	return json.Marshal(c)
}

// sign answers the header webhook-signature of a message: a signature by each key, so that one can be changed for another without a message lost.
func sign(keys [][]byte, id string, at time.Time, body []byte) string {
	signatures := make([]string, len(keys))
	for i, key := range keys {
		mac := hmac.New(sha256.New, key)
		fmt.Fprintf(mac, "%s.%d.%s", id, at.Unix(), body)
		signatures[i] = "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	return strings.Join(signatures, " ")
}

// refused is why a system did not take a message.
type refused struct {
	why   string        // without secrets
	gone  bool          // it wants no more
	after time.Duration // how long it wants to be left alone; 0: it does not say
}

// send sends a message; nil: it was taken. What the system answers beside its status is not read.
func (s *Settings) send(ctx context.Context, m *db.WebhookMessage, now time.Time) *refused {
	body, err := bodyOf(m)
	if err != nil {
		return &refused{why: err.Error()}
	}
	keys, err := s.readKeys("secrets")
	if err != nil {
		return &refused{why: outbound.Shortened(s.veil.Hide(err.Error()), mostWhy)}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL, bytes.NewReader(body))
	if err != nil {
		return &refused{why: "the address can't be asked"}
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "vunglom")
	r.Header.Set("webhook-id", m.ID)
	r.Header.Set("webhook-timestamp", strconv.FormatInt(now.Unix(), 10))
	r.Header.Set("webhook-signature", sign(keys, m.ID, now, body))
	answer, err := s.client.Do(r)
	if err != nil {
		var request *url.Error
		if errors.As(err, &request) { // its address may be a secret of the system's
			err = request.Err
		}
		return &refused{why: outbound.Shortened(s.veil.Hide(err.Error()), mostWhy)}
	}
	_ = answer.Body.Close() // it has said what there is to know
	if answer.StatusCode >= 200 && answer.StatusCode < 300 {
		return nil
	}
	return &refused{why: fmt.Sprintf("HTTP %d", answer.StatusCode), gone: answer.StatusCode == http.StatusGone, after: outbound.RetryAfter(answer.Header.Get("Retry-After"), now)}
}

// mostWhy is how many bytes of a failure are kept.
const mostWhy = 300

// newClient returns what reaches one address, and no other: redirects are answers like others, certificates are verified, and a name that
// leads to this machine or to its own network segment, where clouds hand out credentials, is not followed there unless it says so.
func newClient(address *url.URL, ca string) (*http.Client, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	var err error
	if transport.TLSClientConfig, err = outbound.TLS(ca); err != nil {
		return nil, err
	}
	transport.DisableKeepAlives = true // messages are seldom, and an answer's body is not read
	transport.MaxResponseHeaderBytes = 64 << 10
	proxy, err := http.ProxyFromEnvironment(&http.Request{URL: address})
	if err != nil {
		return nil, fmt.Errorf("url: %w", err)
	}
	if proxy == nil { // a proxy reaches what it may
		dialer := net.Dialer{Timeout: 10 * time.Second, ControlContext: func(_ context.Context, _, to string, _ syscall.RawConn) error {
			return reachable(to, auth.Loopback(address.Hostname()))
		}}
		transport.DialContext = dialer.DialContext
	}
	return &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, nil
}

var errUnreachable = errors.New("the address leads to this machine or to its own segment of the network, which is not told")

// reachable refuses addresses of this machine and of its segment of the network.
func reachable(to string, loopback bool) error {
	at, err := netip.ParseAddrPort(to)
	if err != nil {
		return err
	}
	ip := at.Addr().Unmap()
	if ip.IsLoopback() && loopback {
		return nil
	}
	if ip.IsLoopback() || ip.IsUnspecified() || ip.IsLinkLocalUnicast() || ip.IsMulticast() {
		return errUnreachable
	}
	return nil
}
