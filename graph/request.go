package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	strict "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
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
	err := readJSON(body, &fields)
	if err == nil && fields.Query == nil && fields.DocumentID == nil && fields.Extensions["persistedQuery"] == nil {
		err = errors.New("nothing is asked")
	}
	if err != nil {
		return nil, &refusal{http.StatusBadRequest, `thân yêu cầu phải là một đối tượng JSON có "query" (hoặc "documentId") là chuỗi, "variables" là đối tượng, "operationName" là chuỗi, mỗi tên một lần` +
			` / the body must be one JSON object: "query" (or "documentId") a string, "variables" an object, "operationName" a string, each name once`}
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

// readJSON reads one value in UTF-8 in which no object has a name twice: which of the two is meant, whoever stands in front of the
// server may read otherwise than it does. Numbers stay as they are written.
func readJSON(text []byte, into any) error {
	return strict.Unmarshal(text, into, strict.WithUnmarshalers(numbersAsWritten))
}

var numbersAsWritten = strict.UnmarshalFromFunc(func(decoder *jsontext.Decoder, into *any) error {
	if decoder.PeekKind() != '0' {
		return strict.SkipFunc
	}
	number, err := decoder.ReadValue()
	*into = json.Number(number)
	return err
})

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
	for _, name := range []string{"query", "operationName", "variables", "extensions", documentIDKey} {
		if len(values[name]) > 1 {
			return nil, &refusal{http.StatusBadRequest, "tham số " + name + " chỉ được có một lần / the parameter " + name + " may be there once"}
		}
	}
	params := &graphql.RawParams{Query: values.Get("query"), OperationName: values.Get("operationName")}
	for name, target := range map[string]*map[string]any{"variables": &params.Variables, "extensions": &params.Extensions} {
		text := values.Get(name)
		if text == "" {
			continue
		}
		if err := readJSON([]byte(text), target); err != nil {
			return nil, &refusal{http.StatusBadRequest, "tham số " + name + " phải là một đối tượng JSON / the parameter " + name + " must be a JSON object"}
		}
	}
	if values.Has(documentIDKey) {
		setDocumentID(params, values.Get(documentIDKey))
	}
	return params, nil
}
