package auth

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/time/rate"

	"vunglom/access"
)

// algorithms are those of signatures that only the issuer can make. With HS256 whoever can check a token can make one.
var algorithms = []string{oidc.RS256, oidc.RS384, oidc.RS512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.EdDSA}

const (
	issuerMost  = 10 * time.Second // how long an issuer may take to answer
	issuerEvery = time.Second      // how long after a failure it is not asked again
	issuerLasts = time.Hour        // how long what it says of itself, and its keys, are believed; a new key is looked for at once
	keysEvery   = time.Second      // how often keys are looked for, where unknown ones come all the time …
	keysBurst   = 20               // … but for the first so many
)

var errNotReached = errors.New("auth: the issuer has not answered")

// issuer is an OpenID provider, as far as it has been reached.
type issuer struct {
	settings Issuer
	client   *http.Client
	now      func() time.Time

	mu       sync.Mutex
	verifier *oidc.IDTokenVerifier
	asking   chan struct{} // closed once it has answered or failed; nil: it is not being asked
	asked    time.Time     // last, whether it answered or not
	answered time.Time
}

func newIssuer(settings Issuer, options Options) *issuer {
	return &issuer{settings: settings, now: options.Now, client: &http.Client{
		Timeout: issuerMost, Transport: &sparing{options.Client, rate.NewLimiter(rate.Every(keysEvery), keysBurst)},
	}}
}

// sparing keeps whoever makes tokens up from making this program ask their issuer as often as he likes.
type sparing struct {
	http.RoundTripper
	limit *rate.Limiter
}

// RoundTrip sends a request, or waits a little first.
func (s *sparing) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := s.limit.Wait(r.Context()); err != nil {
		return nil, err
	}
	return s.RoundTripper.RoundTrip(r)
}

// verify checks who has signed a token. Errors are refusals.
func (i *issuer) verify(ctx context.Context, token string) (*oidc.IDToken, error) {
	verifier, err := i.reach(ctx)
	if err != nil {
		return nil, unanswered()
	}
	down := false
	verified, err := verifier.Verify(context.WithValue(ctx, downKey{}, &down), token)
	switch {
	case err == nil:
		return verified, nil
	case down, ctx.Err() != nil:
		return nil, unanswered()
	}
	return nil, refused("chữ ký không phải của nhà cung cấp, hoặc không phải thuật toán bất đối xứng", "its signature is not the issuer's, or by no asymmetric algorithm")
}

// unanswered says that it is not known whether a token is good.
func unanswered() error {
	return &access.Refusal{Code: access.Unanswered, Message: "chưa kiểm tra được mã truy cập vì nhà cung cấp danh tính không trả lời; hãy thử lại sau / the token can't be checked because its issuer does not answer; try again later"}
}

// reach returns what checks the issuer's tokens. The issuer is asked first, where it has not answered yet, and now and then again: a
// key that it has withdrawn is forgotten then. It is asked once for all who wait, who leave when they like; once it has failed to
// answer, nobody waits for it who can be told by what was known.
func (i *issuer) reach(ctx context.Context) (*oidc.IDTokenVerifier, error) {
	i.mu.Lock()
	now, verifier := i.now(), i.verifier
	if verifier != nil && now.Sub(i.answered) < issuerLasts {
		i.mu.Unlock()
		return verifier, nil
	}
	failed := i.asked.After(i.answered)
	if i.asking == nil && now.Sub(i.asked) >= issuerEvery {
		i.asking = make(chan struct{})
		go i.ask(i.asking)
	}
	asking := i.asking
	i.mu.Unlock()
	if verifier != nil && (failed || asking == nil) { // what was known still holds while it is down
		return verifier, nil
	}
	if asking == nil {
		return nil, errNotReached
	}
	select {
	case <-asking:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.verifier == nil {
		return nil, errNotReached
	}
	return i.verifier, nil
}

// ask asks the issuer, and then lets go those who wait for that.
func (i *issuer) ask(done chan struct{}) {
	verifier, err := i.discover()
	i.mu.Lock()
	defer i.mu.Unlock()
	i.asking, i.asked = nil, i.now()
	if err == nil {
		i.verifier, i.answered = verifier, i.asked
	}
	close(done)
}

// discover reads the issuer's discovery document. The keys are read with the first token. What it returns outlives the request that
// asked for it, and keeps its context: it has none of a request, and the client's own time limit.
func (i *issuer) discover() (*oidc.IDTokenVerifier, error) {
	ctx := oidc.ClientContext(context.Background(), i.client)
	provider, err := oidc.NewProvider(ctx, i.settings.Issuer)
	if err != nil {
		return nil, err
	}
	var document struct {
		Keys string `json:"jwks_uri"`
	}
	if err := provider.Claims(&document); err != nil {
		return nil, err
	}
	keys := &keySet{oidc.NewRemoteKeySet(ctx, document.Keys)}
	return oidc.NewVerifier(i.settings.Issuer, keys, &oidc.Config{
		SupportedSigningAlgs: algorithms,
		SkipClientIDCheck:    true, // there may be several; see caller
		SkipExpiryCheck:      true, // with the clock skew that is set; see caller
	}), nil
}

// keySet tells keys that can't be read from a signature that is none's: the library's verifier makes one text of both.
type keySet struct{ *oidc.RemoteKeySet }

type downKey struct{}

// VerifySignature checks a signature.
func (k *keySet) VerifySignature(ctx context.Context, token string) ([]byte, error) {
	payload, err := k.RemoteKeySet.VerifySignature(ctx, token)
	if err != nil && strings.HasPrefix(err.Error(), "fetching keys") {
		*ctx.Value(downKey{}).(*bool) = true
	}
	return payload, err
}
