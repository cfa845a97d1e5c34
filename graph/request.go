package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
)

// refusal is an answer to a request that is no GraphQL request. Its message never repeats
// what the request said.
type refusal struct {
	status  int
	message string
}

const allowed = "GET, HEAD, POST, OPTIONS"

// checkMethod refuses a method that means nothing here, and answers OPTIONS.
func checkMethod(method string) *refusal {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
		return nil
	case http.MethodOptions:
		return &refusal{http.StatusNoContent, ""}
	}
	return &refusal{http.StatusMethodNotAllowed, "hãy dùng POST hoặc GET / use POST or GET"}
}

// readRequest reads the parameters of a GraphQL-over-HTTP request, and of one with a file what is before that.
func (h *Handler) readRequest(w http.ResponseWriter, r *http.Request) (*graphql.RawParams, *form, *refusal) {
	if r.Method != http.MethodPost {
		params, refused := readGet(r)
		return params, nil, refused
	}
	kind, kindParams, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err == nil && kind == mediaForm && kindParams["boundary"] != "" && plainCoding(r) {
		return h.openForm(w, r, kindParams["boundary"])
	}
	if err != nil {
		kind = ""
	}
	params, refused := readPost(w, r, kind, kindParams["charset"], h.limits.BodyBytes)
	return params, nil, refused
}

// plainCoding tells whether a body is not compressed.
func plainCoding(r *http.Request) bool {
	coding := r.Header.Get("Content-Encoding")
	return coding == "" || strings.EqualFold(coding, "identity")
}

func readPost(w http.ResponseWriter, r *http.Request, kind, charset string, most int64) (*graphql.RawParams, *refusal) {
	if kind != mediaJSON || charset != "" && !strings.EqualFold(charset, "utf-8") {
		return nil, &refusal{http.StatusUnsupportedMediaType, "hãy gửi application/json, UTF-8 / send application/json in UTF-8"}
	}
	if !plainCoding(r) {
		w.Header().Set("Accept-Encoding", "identity")
		return nil, &refusal{http.StatusUnsupportedMediaType, "hãy gửi thân yêu cầu không nén / send the body without compression"}
	}
	var body bytes.Buffer
	if n := r.ContentLength; n > 0 && n <= most {
		body.Grow(int(n) + bytes.MinRead)
	}
	if _, err := body.ReadFrom(http.MaxBytesReader(w, r.Body, most)); err != nil {
		return nil, refusedFor(err)
	}
	return parseBody(body.Bytes())
}

func parseBody(body []byte) (*graphql.RawParams, *refusal) {
	var fields struct {
		Query         *string        `json:"query"`
		DocumentID    *string        `json:"documentId"`
		OperationName string         `json:"operationName"`
		Variables     map[string]any `json:"variables"`
		Extensions    map[string]any `json:"extensions"`
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	err := decoder.Decode(&fields)
	if err == nil && !utf8.Valid(body) {
		err = errors.New("not in UTF-8")
	}
	if err == nil && decoder.More() {
		err = errors.New("more than one value")
	}
	if err == nil {
		if _, end := decoder.Token(); end != io.EOF {
			err = errors.New("more than one value")
		}
	}
	if err == nil && fields.Query == nil && fields.DocumentID == nil && fields.Extensions["persistedQuery"] == nil {
		err = errors.New("nothing is asked")
	}
	if err != nil {
		return nil, &refusal{http.StatusBadRequest, `thân yêu cầu phải là một đối tượng JSON có "query" (hoặc "documentId") là chuỗi, "variables" là đối tượng, "operationName" là chuỗi` +
			` / the body must be one JSON object: "query" (or "documentId") a string, "variables" an object, "operationName" a string`}
	}
	params := &graphql.RawParams{OperationName: fields.OperationName, Variables: fields.Variables, Extensions: fields.Extensions}
	if fields.Query != nil {
		params.Query = *fields.Query
	}
	if fields.DocumentID != nil {
		setDocumentID(params, *fields.DocumentID)
	}
	return params, nil
}

func setDocumentID(params *graphql.RawParams, id string) {
	if params.Extensions == nil {
		params.Extensions = map[string]any{}
	}
	params.Extensions[documentIDKey] = id
}

func readGet(r *http.Request) (*graphql.RawParams, *refusal) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil || !values.Has("query") && !values.Has(documentIDKey) && !values.Has("extensions") {
		return nil, &refusal{http.StatusBadRequest, "thiếu tham số query / the query parameter is missing"}
	}
	params := &graphql.RawParams{Query: values.Get("query"), OperationName: values.Get("operationName")}
	for name, target := range map[string]*map[string]any{"variables": &params.Variables, "extensions": &params.Extensions} {
		text := values.Get(name)
		if text == "" {
			continue
		}
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.UseNumber()
		if err := decoder.Decode(target); err != nil || decoder.More() {
			return nil, &refusal{http.StatusBadRequest, "tham số " + name + " phải là một đối tượng JSON / the parameter " + name + " must be a JSON object"}
		}
	}
	if values.Has(documentIDKey) {
		setDocumentID(params, values.Get(documentIDKey))
	}
	return params, nil
}
