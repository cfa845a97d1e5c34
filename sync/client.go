package sync

import (
	"errors"
	"fmt"
	"net/http"

	"vunglom/outbound"
)

const (
	mostRedirects = 5
	mostHeaders   = 256 << 10 // bytes of an answer's headers
)

var errRedirect = errors.New("nguồn chuyển hướng · the source redirects")

// newClient returns what reaches a source. Certificates are always verified, by the system's authorities and the file's. A
// redirect is followed for a GET to the same scheme, host and port alone: what proves who asks is for whom it was set.
func newClient(s *Source, limits Limits) (*http.Client, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	var err error
	if transport.TLSClientConfig, err = outbound.TLS(s.CA); err != nil {
		return nil, err
	}
	transport.MaxResponseHeaderBytes = mostHeaders
	return &http.Client{Transport: transport, Timeout: limits.time, CheckRedirect: func(next *http.Request, before []*http.Request) error {
		from := before[0]
		switch {
		case next.URL.Scheme != from.URL.Scheme || next.URL.Host != from.URL.Host:
			return fmt.Errorf("%w: sang %s://%s; nếu đúng, hãy ghi địa chỉ đó vào url · to %[2]s://%[3]s; if that is right, write that address as url", errRedirect, next.URL.Scheme, next.URL.Host)
		case from.Method != http.MethodGet:
			return fmt.Errorf("%w: một %s không được gửi lại nơi khác; hãy sửa url · a %[2]s is not sent again elsewhere; mend url", errRedirect, from.Method)
		case len(before) > mostRedirects:
			return fmt.Errorf("%w: quá %[2]d lần, hoặc vòng quanh · more than %[2]d times, or in a circle", errRedirect, mostRedirects)
		}
		return nil
	}}, nil
}
