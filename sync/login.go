package sync

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"vunglom/outbound"
)

// login is what a source is shown so that it answers: a bearer token, a header made of keys, a session, or headers alone.
type login struct {
	source *Source
	client *http.Client
	veil   *outbound.Veil

	headers http.Header // the same for every request
	token   *clientcredentials.Config
	bearer  *oauth2.Token // nil: to be asked for
	signIn  []byte        // the body of the login
	session string        // empty: to be asked for
}

// newLogin reads the secrets of a source.
func newLogin(s *Source, client *http.Client, v *outbound.Veil) (*login, error) {
	l := &login{source: s, client: client, veil: v, headers: http.Header{}}
	said(l.headers)
	if err := l.set(l.headers, s.Headers); err != nil {
		return nil, err
	}
	if k := s.AccessKey; k != nil {
		key, err := v.Read(k.AccessKey)
		if err != nil {
			return nil, err
		}
		secret, err := v.Read(k.SecretKey)
		if err != nil {
			return nil, err
		}
		made, err := json.Marshal(struct{ AccessKey, SecretKey, AppName, PartnerCode, PartnerCodeCus string }{key, secret, k.AppName, k.PartnerCode, k.PartnerCodeCus})
		if err != nil {
			return nil, err
		}
		value := base64.StdEncoding.EncodeToString(made)
		v.Know(value)
		l.headers[k.Header] = []string{value} // as it is written: gateways compare the letters
	}
	if t := s.Token; t != nil {
		id, err := textOf(v, t.ID)
		if err != nil {
			return nil, err
		}
		secret, err := v.Read(t.Secret)
		if err != nil {
			return nil, err
		}
		l.token = &clientcredentials.Config{ClientID: id, ClientSecret: secret, TokenURL: t.URL, AuthStyle: oauth2.AuthStyleInHeader}
		if t.In == "body" {
			l.token.AuthStyle = oauth2.AuthStyleInParams
		} else {
			v.Know(base64.StdEncoding.EncodeToString([]byte(url.QueryEscape(id) + ":" + url.QueryEscape(secret))))
		}
		if t.Scope != "" {
			l.token.Scopes = []string{t.Scope}
		}
	}
	if in := s.Session; in != nil {
		body := map[string]string{}
		for name, text := range in.Body {
			value, err := textOf(v, text)
			if err != nil {
				return nil, err
			}
			body[name] = value
		}
		var err error
		if l.signIn, err = json.Marshal(body); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// said adds what every request says, whoever it is for.
func said(headers http.Header) {
	headers.Set("Accept", "application/json")
	headers.Set("User-Agent", "vunglom")
}

func (l *login) set(headers http.Header, texts map[string]Text) error {
	for name, text := range texts {
		value, err := textOf(l.veil, text)
		if err != nil {
			return err
		}
		headers.Set(name, value)
	}
	return nil
}

// prove adds to a request what it needs: to its headers, and to its body. It asks for a token or a session first, where there is none.
func (l *login) prove(ctx context.Context, headers http.Header, body map[string]any) error {
	for name, values := range l.headers {
		headers[name] = values
	}
	if l.token != nil {
		if l.bearer == nil || !l.bearer.Valid() {
			if err := l.askToken(ctx); err != nil {
				return err
			}
		}
		headers.Set("Authorization", "Bearer "+l.bearer.AccessToken)
	}
	if l.source.Session != nil {
		if l.session == "" {
			if err := l.askSession(ctx); err != nil {
				return err
			}
		}
		body[l.source.Session.Field] = l.session
	}
	return nil
}

// renews tells whether there is something to ask for anew when a source says that it has run out.
func (l *login) renews() bool { return l.token != nil || l.source.Session != nil }

// forget has the next request sign in anew.
func (l *login) forget() { l.bearer, l.session = nil, "" }

// saysJSON has answers that are JSON say so: of what calls itself text/plain the library makes a form.
type saysJSON struct{ http.RoundTripper }

func (s saysJSON) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := s.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	if err = errors.Join(err, answer.Body.Close()); err != nil {
		return nil, err
	}
	if json.Valid(text) {
		answer.Header.Set("Content-Type", "application/json")
	}
	answer.Body = io.NopCloser(bytes.NewReader(text))
	return answer, nil
}

// askToken asks for a bearer token.
func (l *login) askToken(ctx context.Context) error {
	client := *l.client
	client.Transport = saysJSON{client.Transport}
	token, err := l.token.Token(context.WithValue(ctx, oauth2.HTTPClient, &client))
	var refused *oauth2.RetrieveError
	switch {
	case errors.As(err, &refused):
		f := ofStatus(refused.Response)
		if f == nil { // it says so with a 200
			f = &failure{}
		}
		f.err = fmt.Errorf("token.url: %s %s %s", refused.Response.Status, refused.ErrorCode, refused.ErrorDescription)
		if f.kind == runOut { // there is nothing to ask for anew: id or secret are not right
			f.kind = final
		}
		return f
	case err != nil:
		f := ofTransport(ctx, err)
		f.err = fmt.Errorf("token.url: %w", f.err)
		return f
	}
	l.bearer = token
	l.veil.Know(token.AccessToken)
	return nil
}

// askSession signs in. What the source's own headers hold is for the source: the login may be another host.
func (l *login) askSession(ctx context.Context) error {
	in := l.source.Session
	address := in.URL
	if len(in.Query) > 0 {
		address += "?" + values(in.Query).Encode()
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(l.signIn))
	if err != nil {
		return err
	}
	said(r.Header)
	if err := l.set(r.Header, in.Headers); err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := l.client.Do(r)
	if err != nil {
		f := ofTransport(ctx, err)
		f.err = fmt.Errorf("session.url: %w", f.err)
		return f
	}
	defer answer.Body.Close()
	e, err := readEnvelope(io.LimitReader(answer.Body, 1<<20), "\x00", 1<<20, nil, append(in.Success.paths(), in.Field)...) // a path that is none: it has no records
	if err != nil && answer.StatusCode < 300 {
		f := ofMalformed(err)
		f.err = fmt.Errorf("session.url: %w", f.err)
		return f
	}
	if f := judge(answer, e, err, in.Success, false); f != nil {
		if f.kind == runOut {
			f.kind = final
		}
		f.err = fmt.Errorf("session.url: %w", f.err)
		return f
	}
	if l.session = e.said[in.Field]; l.session == "" {
		return &failure{kind: final, err: fmt.Errorf("session.url: câu trả lời không có trường %[1]s; hãy sửa session.field · the answer has no field %[1]s; mend session.field", in.Field)}
	}
	l.veil.Know(l.session)
	return nil
}

func values(texts map[string]string) url.Values {
	v := url.Values{}
	for name, text := range texts {
		v.Set(name, text)
	}
	return v
}
