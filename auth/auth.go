// Package auth says who asks: it makes an access.Caller of the bearer token of a request, which an OpenID provider has signed.
// It sets no cookie, keeps no session, and stores nothing.
package auth

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	lru "github.com/hashicorp/golang-lru/v2"

	"vunglom/access"
)

// Local is the authenticator of --auth none: whoever reaches the program is its own machine's user.
type Local struct{}

// Caller returns access.Local(), whatever a request brings.
func (Local) Caller(context.Context, string) (access.Caller, error) { return access.Local(), nil }

// Options are what an authenticator may be told. The zero Options are good.
type Options struct {
	Log    *slog.Logger      // default slog.Default()
	Now    func() time.Time  // the clock; default time.Now
	Client http.RoundTripper // how issuers are reached; default http.DefaultTransport
}

// mostUnread is how many claims with words that name no unit are remembered, so that each is logged once.
const mostUnread = 1000

// OIDC takes tokens of OpenID providers.
type OIDC struct {
	issuers map[string]*issuer
	skew    time.Duration
	now     func() time.Time
	log     *slog.Logger
	unread  *lru.Cache[string, struct{}] // words of units claims that the log has already
	purpose bool                         // has to be said by who reads persons' rows
}

// New returns the authenticator of settings that Load has read. Issuers are asked when their first token comes, so that the
// program starts while one is down.
func New(settings *Settings, options Options) (*OIDC, error) {
	if options.Log == nil {
		options.Log = slog.Default()
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Client == nil {
		options.Client = http.DefaultTransport
	}
	skew, err := settings.skew()
	if err != nil {
		return nil, err
	}
	unread, err := lru.New[string, struct{}](mostUnread)
	if err != nil {
		return nil, err
	}
	o := &OIDC{issuers: map[string]*issuer{}, skew: skew, now: options.Now, log: options.Log, unread: unread, purpose: settings.RequirePurpose}
	for _, each := range settings.Issuers {
		o.issuers[each.Issuer] = newIssuer(each, options)
	}
	return o, nil
}

// Caller returns whose token the value of an Authorization header is; nobody's where there is none. What is there and not good
// is an *access.Refusal: it is never taken for nothing.
func (o *OIDC) Caller(ctx context.Context, authorization string) (access.Caller, error) {
	if authorization == "" {
		return access.Caller{}, nil
	}
	scheme, token, _ := strings.Cut(authorization, " ")
	token = strings.TrimSpace(token)
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return access.Caller{}, refused("hãy gửi Authorization: Bearer …", "send Authorization: Bearer …")
	}
	from := o.issuers[issuerOf(token)]
	if from == nil {
		return access.Caller{}, refused("không phải của nhà cung cấp nào được cấu hình", "it is of no issuer that is set")
	}
	verified, err := from.verify(ctx, token)
	if err != nil {
		return access.Caller{}, err
	}
	return o.caller(ctx, from, verified)
}

// caller checks what a token says, which its issuer has signed.
func (o *OIDC) caller(ctx context.Context, from *issuer, token *oidc.IDToken) (access.Caller, error) {
	var claims map[string]any
	var times struct {
		NotBefore float64 `json:"nbf"`
	}
	unreadable := token.Claims(&claims) != nil || token.Claims(&times) != nil
	subject := token.Subject
	if ids := clientsOf(claims); subject == "" && len(ids) > 0 { // a system by itself (client_credentials), of which some issuers say no more
		subject = ids[0]
	}
	if unreadable || subject == "" {
		return access.Caller{}, refused("thiếu sub, hoặc các claim không đọc được", "it has no sub, or its claims can't be read")
	}
	now := o.now()
	switch {
	case !slices.ContainsFunc(token.Audience, func(a string) bool { return slices.Contains(from.settings.Audience, a) }):
		return access.Caller{}, refused("không dành cho máy chủ này (aud)", "it is not meant for this server (aud)")
	case token.Expiry.IsZero() || !now.Before(token.Expiry.Add(o.skew)):
		return access.Caller{}, refused("đã hết hạn; hãy đăng nhập lại", "it has run out; sign in again")
	case now.Add(o.skew).Before(time.Unix(int64(times.NotBefore), 0)), now.Add(o.skew).Before(token.IssuedAt):
		return access.Caller{}, refused("chưa có hiệu lực; hãy xem lại đồng hồ của máy chủ", "it is not good yet; look at the server's clock")
	}
	c, unread := from.settings.callerOf(subject, claims)
	if known, _ := o.unread.ContainsOrAdd(from.settings.Issuer+"\x00"+strings.Join(unread, "\x00"), struct{}{}); !known && len(unread) > 0 {
		o.log.WarnContext(ctx, "a units claim has words that name no unit; they give nothing", "issuer", c.Issuer, "claim", from.settings.Units.Claim, "words", unread)
	}
	c.Until, c.PurposeNeeded = token.Expiry.Add(o.skew), o.purpose
	return c, nil
}

// SignIn is what the dashboard needs to let people sign in with an issuer.
type SignIn struct {
	Issuer string `json:"issuer"`
	Dashboard
}

// SignIns lists where people sign in to the dashboard, in the order of the settings.
func (s *Settings) SignIns() []SignIn {
	var list []SignIn
	for _, i := range s.Issuers {
		if i.Dashboard != nil {
			one := SignIn{i.Issuer, *i.Dashboard}
			if u, err := url.Parse(i.Issuer); err == nil && one.Name == "" {
				one.Name = u.Host
			}
			list = append(list, one)
		}
	}
	return list
}

// Origins lists what the dashboard's pages have to reach to sign people in.
func (s *Settings) Origins() []string {
	var list []string
	for _, in := range s.SignIns() {
		for _, address := range append([]string{in.Issuer}, in.Connect...) {
			if u, err := url.Parse(address); err == nil {
				if origin := u.Scheme + "://" + u.Host; !slices.Contains(list, origin) {
					list = append(list, origin)
				}
			}
		}
	}
	return list
}

// issuerOf reads who a token says it is of, before anybody has checked that.
func issuerOf(token string) string {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return ""
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return ""
	}
	var claims struct {
		Issuer string `json:"iss"`
	}
	if json.Unmarshal(payload, &claims) != nil {
		return ""
	}
	return claims.Issuer
}

// refused says why a token is not good. Nothing of the token is in it.
func refused(vi, en string) error {
	return &access.Refusal{Code: access.Unauthenticated, Message: "mã truy cập không dùng được: " + vi + " / the token is not good: " + en}
}
