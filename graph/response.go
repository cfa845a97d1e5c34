package graph

import (
	"encoding/json"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"vunglom/graph/scalar"
)

const (
	mediaGraphQL = "application/graphql-response+json"
	mediaJSON    = "application/json"
)

// negotiate chooses the media type of an answer. Where a client says nothing, or that
// anything will do, it is the specification's own; false: it takes neither.
func negotiate(accept []string) (media string, acceptable bool) {
	ranges := strings.Join(accept, ",")
	if strings.TrimSpace(ranges) == "" {
		return mediaGraphQL, true
	}
	best := 0.0
	for _, candidate := range []string{mediaGraphQL, mediaJSON} {
		if q := quality(ranges, candidate); q > best {
			best, media = q, candidate
		}
	}
	return media, best > 0
}

// quality is how much a list of media ranges wants a media type: the q of the most specific
// range that holds it.
func quality(ranges, media string) float64 {
	q, specific := 0.0, 0
	for part := range strings.SplitSeq(ranges, ",") {
		kind, params, err := mime.ParseMediaType(part)
		if err != nil || params["charset"] != "" && !strings.EqualFold(params["charset"], "utf-8") {
			continue
		}
		weight := 0
		switch kind {
		case media:
			weight = 3
		case "application/*":
			weight = 2
		case "*/*":
			weight = 1
		}
		if weight <= specific {
			continue
		}
		specific, q = weight, 1
		if text, given := params["q"]; given {
			if q, err = strconv.ParseFloat(text, 64); err != nil || q < 0 || q > 1 {
				q = 0
			}
		}
	}
	return q
}

// refuse answers a request that is no GraphQL request.
func refuse(w http.ResponseWriter, media string, r *refusal) {
	if r.status == http.StatusNoContent {
		w.WriteHeader(r.status)
		return
	}
	if r.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", allowed)
	}
	code := CodeBadInput
	switch r.status {
	case http.StatusForbidden:
		code = CodeForbidden
	case http.StatusServiceUnavailable:
		code = CodeTooCostly
	}
	errs := gqlerror.List{{Message: r.message, Extensions: map[string]any{"code": string(code)}}}
	writeStatus(w, media, r.status, errs, nil)
}

// write answers a GraphQL request. A request that was not executed has no data, which
// application/graphql-response+json tells by 400 and application/json by 200.
func write(w http.ResponseWriter, media string, response *graphql.Response, executed bool, spill *scalar.Spill) {
	switch {
	case executed && len(response.Data) == 0: // out of time before it began
		writeStatus(w, media, http.StatusOK, response.Errors, [][]byte{[]byte("null")})
	case executed:
		writeStatus(w, media, http.StatusOK, response.Errors, spill.Join(response.Data))
	case media == mediaGraphQL:
		writeStatus(w, media, http.StatusBadRequest, response.Errors, nil)
	default:
		writeStatus(w, media, http.StatusOK, response.Errors, nil)
	}
}

// writeStatus writes {"errors":…,"data":…}. The data go out as they were encoded: a map is
// megabytes, and json.Marshal would read every byte of it again.
func writeStatus(w http.ResponseWriter, media string, status int, errs gqlerror.List, data [][]byte) {
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
	parts := append([][]byte{head}, append(data, []byte{'}'})...)
	length := 0
	for _, part := range parts {
		length += len(part)
	}
	header := w.Header()
	header.Set("Content-Type", media+"; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(length))
	header.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	for _, part := range parts {
		if _, err := w.Write(part); err != nil {
			return // the client is gone
		}
	}
}
