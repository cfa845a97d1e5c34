package sync

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"os"
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
	transport.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	transport.MaxResponseHeaderBytes = mostHeaders
	if s.CA != "" {
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool()
		}
		pem, err := os.ReadFile(s.CA)
		if err != nil {
			return nil, fmt.Errorf("ca: %w; hãy cho tệp PEM đọc được · give a PEM file that can be read", err)
		}
		if !pool.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("ca: %s: không có chứng chỉ PEM nào; hãy cho tệp PEM của nơi cấp chứng chỉ · holds no PEM certificate; give the authority's PEM file", s.CA)
		}
		transport.TLSClientConfig.RootCAs = pool
	}
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

// untrusted tells whether a request failed because the other side could not prove who it is, or would not speak TLS as it should.
func untrusted(err error) bool {
	var verify *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	return errors.As(err, &verify) || errors.As(err, &record) || errors.As(err, &alert)
}
