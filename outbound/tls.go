package outbound

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
)

// TLS returns how other systems prove who they are: always, by the system's authorities and those of a PEM file ("": none).
func TLS(ca string) (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if ca == "" {
		return config, nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	pem, err := os.ReadFile(ca)
	if err != nil {
		return nil, fmt.Errorf("ca: %w; hãy cho tệp PEM đọc được · give a PEM file that can be read", err)
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("ca: %s: không có chứng chỉ PEM nào; hãy cho tệp PEM của nơi cấp chứng chỉ · holds no PEM certificate; give the authority's PEM file", ca)
	}
	config.RootCAs = pool
	return config, nil
}

// Untrusted tells whether a request failed because the other side could not prove who it is, or would not speak TLS as it should.
func Untrusted(err error) bool {
	var verify *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	return errors.As(err, &verify) || errors.As(err, &record) || errors.As(err, &alert)
}
