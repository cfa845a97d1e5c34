package graph

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"vunglom/accept"
	"vunglom/access"
	"vunglom/graph/scalar"
	"vunglom/quota"
	"vunglom/validator"
)

const (
	mediaGraphQL = "application/graphql-response+json"
	mediaJSON    = "application/json"
)

// negotiate chooses the media type of an answer: the one that the client wants more, and where it wants both as much, the
// specification's own if it is named. A client that says nothing, or that anything will do, may know no other than
// application/json. false: it takes neither.
func negotiate(headers []string) (media string, acceptable bool) {
	ranges := strings.Join(headers, ",")
	if strings.TrimSpace(ranges) == "" {
		return mediaJSON, true
	}
	own, named := accept.Quality(ranges, mediaGraphQL)
	plain, _ := accept.Quality(ranges, mediaJSON)
	if own > plain || own == plain && named {
		return mediaGraphQL, own > 0
	}
	return mediaJSON, plain > 0
}

// refuse answers a request that is no GraphQL request.
func refuse(w http.ResponseWriter, media string, r *refusal) {
	switch r.status {
	case http.StatusNoContent:
		w.Header().Set("Allow", allowed)
		w.WriteHeader(r.status)
		return
	case http.StatusMethodNotAllowed:
		if w.Header().Get("Allow") == "" {
			w.Header().Set("Allow", allowed)
		}
	}
	code := CodeBadInput
	switch r.status {
	case http.StatusForbidden:
		code = CodeForbidden
	case http.StatusServiceUnavailable:
		code = CodeTooCostly
	case http.StatusInsufficientStorage:
		code = CodeInternal
	}
	errs := gqlerror.List{{Message: r.message, Extensions: map[string]any{"code": string(code)}}}
	send(w, media, r.status, encode(errs, nil))
}

// refuseSlow answers a client whose share is used up.
func refuseSlow(w http.ResponseWriter, media string, err error) {
	slow := new(quota.Refusal)
	if !errors.As(err, &slow) {
		panic("graph: " + err.Error()) // a share refuses in no other way
	}
	sendSlow(w, media, slow, gqlerror.List{{Message: slow.Message, Extensions: map[string]any{"code": string(CodeTooCostly)}}})
}

func sendSlow(w http.ResponseWriter, media string, slow *quota.Refusal, errs gqlerror.List) {
	w.Header().Set("Retry-After", strconv.Itoa(slow.Seconds()))
	send(w, media, http.StatusTooManyRequests, encode(errs, nil))
}

// write answers a GraphQL request. A request that was not executed has no data, which
// application/graphql-response+json tells by 400 and application/json by 200.
func write(w http.ResponseWriter, media string, response *graphql.Response, executed bool, spill *scalar.Spill) {
	switch {
	case executed:
		send(w, media, http.StatusOK, encode(response.Errors, dataOf(response, spill)))
	case media == mediaGraphQL:
		send(w, media, refusedStatus(w, response.Errors), encode(response.Errors, nil))
	default:
		send(w, media, http.StatusOK, encode(response.Errors, nil))
	}
}

// refusedStatus is the status of a request that was not executed: 400, but for what the caller may not ask, and for what is not
// the request's fault: whoever asks again later may be answered.
func refusedStatus(w http.ResponseWriter, errs gqlerror.List) int {
	for _, err := range errs {
		switch code, _ := err.Extensions["code"].(string); Code(code) {
		case CodeUnauthenticated:
			w.Header().Set("WWW-Authenticate", access.Challenge)
			return http.StatusUnauthorized
		case CodeForbidden:
			return http.StatusForbidden
		case CodeTimeout:
			w.Header().Set("Retry-After", "30")
			return http.StatusServiceUnavailable
		case CodeInternal:
			return http.StatusInternalServerError
		}
	}
	return http.StatusBadRequest
}

// writeKept answers a GET or HEAD that was executed. Where nothing went wrong the client may keep the answer, and is told if
// it has it already. The tag is weak: the answer may be compressed or not.
func writeKept(w http.ResponseWriter, r *http.Request, media string, response *graphql.Response, spill *scalar.Spill) {
	parts := encode(response.Errors, dataOf(response, spill))
	if len(response.Errors) > 0 {
		send(w, media, http.StatusOK, parts)
		return
	}
	sum := sha256.New()
	_, _ = io.WriteString(sum, media) // a hash takes all
	for _, part := range parts {
		_, _ = sum.Write(part)
	}
	tag := fmt.Sprintf(`W/"%x"`, sum.Sum(nil)[:12])
	validator.Set(w.Header(), access.From(r.Context()), tag)
	if validator.Holds(r, tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	send(w, media, http.StatusOK, parts)
}

// dataOf returns the data of an answer, in pieces. What was out of time before it began has none.
func dataOf(response *graphql.Response, spill *scalar.Spill) [][]byte {
	if len(response.Data) == 0 {
		return [][]byte{[]byte("null")}
	}
	return spill.Join(response.Data)
}

// encode returns {"errors":…,"data":…} in pieces. The data stay as they were encoded: a map is megabytes, and json.Marshal
// would read every byte of it again.
func encode(errs gqlerror.List, data [][]byte) [][]byte {
	head := []byte{'{'}
	if len(errs) > 0 {
		encoded, err := json.Marshal(errs)
		if err != nil { // a path or an extension that is no JSON; there is none
			encoded = []byte(`[{"message":"internal error","extensions":{"code":"INTERNAL"}}]`)
		}
		head = append(append(head, `"errors":`...), encoded...)
	}
	if len(data) > 0 {
		if len(errs) > 0 {
			head = append(head, ',')
		}
		head = append(head, `"data":`...)
	}
	return append([][]byte{head}, append(data, []byte{'}'})...)
}

// send sends the pieces of an answer, which nobody keeps unless it says who may.
func send(w http.ResponseWriter, media string, status int, parts [][]byte) {
	length := 0
	for _, part := range parts {
		length += len(part)
	}
	header := w.Header()
	header.Set("Content-Type", media+"; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(length))
	if header.Get("Cache-Control") == "" {
		header.Set("Cache-Control", "no-store")
	}
	w.WriteHeader(status)
	for _, part := range parts {
		if _, err := w.Write(part); err != nil {
			return // the client is gone
		}
	}
}
