package sync

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"vunglom/outbound"
)

// failureKind is what may be done about a failure.
type failureKind int

const (
	final  failureKind = iota // nothing: asking again gives the same
	again                     // the same request may succeed later
	runOut                    // the token or session is no longer good
)

// failure is why a source gave no answer that can be used.
type failure struct {
	kind  failureKind
	after time.Duration // how long the source wants to be left alone; 0: it does not say
	err   error
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// ofTransport sorts an error of a request that got no whole answer. Addresses lose their query.
func ofTransport(ctx context.Context, err error) *failure {
	if cause := context.Cause(ctx); cause != nil {
		return &failure{kind: final, err: cause}
	}
	var request *url.Error
	if errors.As(err, &request) {
		place := request.URL
		if u, err := url.Parse(request.URL); err == nil {
			place = u.Scheme + "://" + u.Host + u.Path
		}
		err = fmt.Errorf("%s: %w", place, request.Err)
	}
	if errors.Is(err, errRedirect) || outbound.Untrusted(err) {
		return &failure{kind: final, err: err}
	}
	return &failure{kind: again, err: fmt.Errorf("không có câu trả lời trọn · no whole answer: %w", err)}
}

// ofStatus sorts an answer by its HTTP status; nil: it is good.
func ofStatus(answer *http.Response) *failure {
	status := answer.StatusCode
	if status >= 200 && status < 300 {
		return nil
	}
	f := &failure{err: fmt.Errorf("HTTP %s", answer.Status)}
	switch {
	case status == http.StatusUnauthorized:
		f.kind = runOut
	case status == http.StatusRequestTimeout, status == http.StatusTooEarly, status == http.StatusTooManyRequests, status >= 500 && status != http.StatusNotImplemented:
		f.kind, f.after = again, outbound.RetryAfter(answer.Header.Get("Retry-After"), time.Now())
	}
	return f
}

// judge says why an answer is none; nil: it can be used. What the body says of success comes before the status, a fault before
// both. With records the answer must have them.
func judge(answer *http.Response, e *envelope, malformed error, success *Success, records bool) *failure {
	f := ofStatus(answer)
	if malformed == nil {
		if code, message, is := e.fault(); is {
			return ofFault(f, code, message)
		}
		if success != nil {
			said, told := e.said[success.Field]
			switch {
			case told && slices.Contains(success.Values, said):
				f = nil
			case told && slices.Contains(success.Expired, said):
				return &failure{kind: runOut, err: fmt.Errorf("%s: %s: %s", success.Field, said, e.said[success.Message])}
			case told:
				if f == nil {
					f = &failure{}
				}
				f.err = fmt.Errorf("nguồn báo lỗi · the source tells of a failure: %s: %q: %s", success.Field, said, e.said[success.Message])
				return f
			case f == nil:
				return &failure{err: fmt.Errorf("câu trả lời không có trường %[1]s; hãy sửa success.field · the answer has no field %[1]s; mend success.field; it has: %[2]s", success.Field, strings.Join(sortedKeys(e.said), ", "))}
			}
		}
	}
	switch {
	case f != nil:
		return f
	case malformed != nil:
		return ofMalformed(malformed)
	case success == nil && tellsFailure(e) != "":
		name := tellsFailure(e)
		return &failure{err: fmt.Errorf("câu trả lời có %[1]s: %[2]q, như báo lỗi; hãy ghi success: {field: %[1]s, values: [giá trị nghĩa là thành công]} · the answer has %[1]s: %[2]q, which looks like a failure; write success: {field: %[1]s, values: [what means success]}", name, e.said[name])}
	case records && !e.found:
		return &failure{err: fmt.Errorf("câu trả lời không có %[1]s; hãy sửa records · the answer has no %[1]s; mend records; it has: %[2]s", strings.Join(e.path, "."), e.where())}
	}
	return nil
}

// tellsFailure returns the name of what looks as if an answer told by it of a failure, where no setting says what does; empty: there is none.
// An answer that is the records itself has no envelope to tell by.
func tellsFailure(e *envelope) string {
	around := 1 // steps to what stands beside the records or around them; in XML all of it stands in one element
	if e.kind == kindXML {
		around = 2
	}
	if len(e.path) < around {
		return ""
	}
	for _, name := range sortedKeys(e.said) {
		steps := strings.Split(name, ".")
		if len(steps) != around {
			continue
		}
		said := strings.ToLower(e.said[name])
		good := slices.Contains([]string{"", "0", "00", "200", "ok", "success", "true"}, said)
		bad := slices.Contains([]string{"false", "fail", "failed", "failure", "error"}, said)
		switch strings.ToLower(strings.ReplaceAll(steps[around-1], "_", "")) {
		case "errorcode", "errcode", "statuscode":
			if !good {
				return name
			}
		case "status", "success", "issuccess", "succeeded":
			if bad {
				return name
			}
		}
	}
	return ""
}

// ofMalformed sorts an answer that can't be read: one that is cut off may come whole, one over a limit comes so again.
func ofMalformed(err error) *failure {
	if errors.Is(err, errOverLimit) {
		return &failure{kind: final, err: err}
	}
	return &failure{kind: again, err: err}
}

// ofFault sorts a fault of a WSO2 gateway by its code: what tokens it takes no more, and what passes by itself (too many
// requests, a system behind it that does not answer). https://apim.docs.wso2.com, "Error Handling".
func ofFault(f *failure, code, message string) *failure {
	if f == nil {
		f = &failure{}
	}
	f.err = fmt.Errorf("lỗi của cổng · a fault of the gateway: %s: %s", code, message)
	switch {
	case slices.Contains([]string{"900901", "900902", "900903", "900904"}, code):
		f.kind = runOut
	case len(code) == 6 && (strings.HasPrefix(code, "9008") || strings.HasPrefix(code, "101") || strings.HasPrefix(code, "303")):
		f.kind = again
	}
	return f
}
