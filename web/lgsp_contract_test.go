package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"vunglom/access"
	"vunglom/db"
	"vunglom/db/dbtest"
	"vunglom/lgsp"
	"vunglom/quota"
	"vunglom/web"
)

// contract is the OpenAPI document that the server answers, and the server in each of the states that its statuses speak of.
type contract struct {
	document object
	schemas  *jsonschema.Compiler

	well, spent, broken, hurried http.Handler // all is well; the client has no share left; the database lacks a table; there is no time
}

// object is what stands in the document.
type object map[string]any

func (o object) at(names ...string) object {
	for _, name := range names {
		o, _ = o[name].(map[string]any)
	}
	return o
}

func (o object) text(name string) string { text, _ := o[name].(string); return text }

// operation is a path of the document that can be asked for.
type operation struct {
	path string
	object
	parameters []object
}

func newContract(t *testing.T) *contract {
	t.Helper()
	d, _ := demoed(t)
	bare := dbtest.URL(t)
	if _, err := dbtest.SQL(t, bare).ExecContext(t.Context(), "drop table dataset"); err != nil {
		t.Fatal(err)
	}
	without, err := dbtest.Open(t.Context(), bare)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(without.Close)
	options := web.Options{DB: d, Callers: roles{}, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), GraphQL: http.NotFoundHandler(),
		LGSP: lgsp.Settings{Agency: "000.00.00.H12", Consumers: map[string]lgsp.Consumer{"+platform": {Agency: "000.00.19.H29"}}}}
	c := &contract{well: web.New(options)}
	spent, broken, hurried := options, options, options
	spent.Clients = quota.New(quota.Settings{Requests: 10, Streams: 10, Rate: 0.001, Burst: 1})
	broken.DB, hurried.Timeout = without, time.Nanosecond
	c.spent, c.broken, c.hurried = web.New(spent), web.New(broken), web.New(hurried)

	text := get(t, c.well, lgsp.Root+"openapi.json").Body.Bytes()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c.document = document.(map[string]any)
	c.schemas = jsonschema.NewCompiler()
	c.schemas.DefaultDraft(jsonschema.Draft2020)
	c.schemas.AssertFormat()
	if err := c.schemas.AddResource("http://document/", document); err != nil {
		t.Fatal(err)
	}
	return c
}

// resolved follows a $ref into the document.
func (c *contract) resolved(o object) (target object, pointer string) {
	ref, is := o["$ref"].(string)
	if !is {
		return o, ""
	}
	return c.document.at(strings.Split(strings.TrimPrefix(ref, "#/"), "/")...), ref
}

func (c *contract) operations(t *testing.T) (list []operation) {
	t.Helper()
	for path, item := range c.document.at("paths") {
		for method := range item.(map[string]any) {
			if method != "get" {
				t.Errorf("%s: %s is not asked by these tests", path, method)
			}
		}
		o := operation{path: path, object: c.document.at("paths", path, "get")}
		given, _ := o.object["parameters"].([]any)
		for _, p := range given {
			parameter, _ := c.resolved(p.(map[string]any))
			o.parameters = append(o.parameters, parameter)
		}
		list = append(list, o)
	}
	return list
}

// ask sends a question to the server in one of its states.
func (c *contract) ask(t *testing.T, h http.Handler, o *operation, role string, query url.Values, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	if role != "" {
		header = append(header, "Authorization", "Bearer "+role)
	}
	return get(t, h, o.path+"?"+query.Encode(), header...)
}

// validate wants an answer to be what the document says of its status.
func (c *contract) validate(t *testing.T, o *operation, w *httptest.ResponseRecorder) {
	t.Helper()
	response, pointer := c.resolved(o.at("responses", fmt.Sprint(w.Code)))
	if response == nil {
		t.Errorf("%s: %d is not in the document: %.300s", o.path, w.Code, w.Body)
		return
	}
	if pointer == "" {
		pointer = "#/paths/" + strings.ReplaceAll(o.path, "/", "~1") + fmt.Sprintf("/get/responses/%d", w.Code)
	}
	for name := range response.at("headers") {
		header, _ := c.resolved(response.at("headers", name))
		if header == nil {
			t.Fatalf("%s: %s of nothing", o.path, name)
		}
		_, at := c.resolved(response.at("headers", name))
		c.valid(t, o.path+" "+name, at+"/schema", w.Header().Get(name))
	}
	if response.at("content") == nil {
		if w.Body.Len() > 0 {
			t.Errorf("%s: %d has a body: %.300s", o.path, w.Code, w.Body)
		}
		return
	}
	kind := w.Header().Get("Content-Type")
	if response.at("content", kind) == nil {
		t.Errorf("%s: %d is %q", o.path, w.Code, kind)
		return
	}
	body, err := jsonschema.UnmarshalJSON(bytes.NewReader(w.Body.Bytes()))
	if err != nil {
		t.Errorf("%s: %v: %.300s", o.path, err, w.Body)
		return
	}
	c.valid(t, o.path, pointer+"/content/"+strings.ReplaceAll(kind, "/", "~1")+"/schema", body)
}

func (c *contract) valid(t *testing.T, what, pointer string, value any) {
	t.Helper()
	schema, err := c.schemas.Compile("http://document/" + pointer)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if err := schema.Validate(value); err != nil {
		t.Errorf("%s: %v", what, err)
	}
}

// examples are the arguments as the document shows them: those that are required, or all.
func (o *operation) examples(all bool) url.Values {
	query := url.Values{}
	for _, p := range o.parameters {
		required, _ := p["required"].(bool)
		if example, has := p["example"]; has && (all || required) {
			query.Set(p.text("name"), written(example))
		}
	}
	return query
}

func written(value any) string {
	if list, is := value.([]any); is {
		var words []string
		for _, word := range list {
			words = append(words, written(word))
		}
		return strings.Join(words, ",")
	}
	return fmt.Sprint(value)
}

// TestLGSPIsWhatItsDocumentSays asks the running handler for every path, parameter and status of the OpenAPI document that it
// answers, and validates every answer by the document's own schemas, which allow no field that they don't name.
func TestLGSPIsWhatItsDocumentSays(t *testing.T) {
	t.Parallel()
	c := newContract(t)
	operations := c.operations(t)
	rights := map[string]access.Right{}
	for _, o := range operations {
		rights[o.path] = access.Right(o.text("x-right"))
	}
	want := map[string]access.Right{}
	for _, r := range lgsp.Rules() {
		want[r.Name] = r.Right
	}
	if !maps.Equal(rights, want) {
		t.Errorf("the document has %v, the server %v", rights, want)
	}
	for _, o := range operations {
		t.Run(strings.TrimPrefix(o.path, lgsp.Root), func(t *testing.T) {
			statuses := slices.Sorted(maps.Keys(o.at("responses")))
			for _, status := range statuses {
				ask, known := statusAsked[status]
				if !known {
					t.Errorf("nothing asks for %s", status)
					continue
				}
				for _, w := range ask(t, c, &o) {
					if fmt.Sprint(w.Code) != status {
						t.Errorf("%d, not %s: %.300s", w.Code, status, w.Body)
					}
					c.validate(t, &o, w)
				}
			}
			for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch, http.MethodOptions} {
				if w := do(t, c.well, method, o.path, "{}"); w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" || w.Header().Get("Content-Type") != "application/problem+json" {
					t.Errorf("%s: %d %v %s", method, w.Code, w.Header(), w.Body)
				}
			}
			whole, head := c.ask(t, c.well, &o, "+platform", o.examples(false)), do(t, c.well, http.MethodHead, o.path+"?"+o.examples(false).Encode(), "", "Authorization", "Bearer +platform")
			if head.Code != http.StatusOK || head.Body.Len() > 0 || head.Header().Get("ETag") != whole.Header().Get("ETag") {
				t.Errorf("HEAD: %d %v %s", head.Code, head.Header(), head.Body)
			}
		})
	}
	w := get(t, c.well, lgsp.Root+"nothing")
	if w.Code != http.StatusNotFound || w.Header().Get("Content-Type") != "application/problem+json" || !strings.Contains(w.Body.String(), lgsp.Root+"coverage") {
		t.Errorf("a path that there is not: %d %v %s", w.Code, w.Header(), w.Body)
	}
}

type answers = []*httptest.ResponseRecorder

// statusAsked brings the server to each status.
var statusAsked = map[string]func(*testing.T, *contract, *operation) answers{
	"200": func(t *testing.T, c *contract, o *operation) (list answers) {
		queries := []url.Values{o.examples(false), o.examples(true)}
		for _, p := range o.parameters {
			if example, has := p["example"]; has {
				query := o.examples(false)
				query.Set(p.text("name"), written(example))
				queries = append(queries, query)
			}
		}
		for i, query := range queries {
			w := c.ask(t, c.well, o, "+platform", query)
			var page struct{ Items []any }
			if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil || i < 2 && len(page.Items) == 0 && o.path != lgsp.Root+"openapi.json" {
				t.Errorf("%v: no item: %v %.300s", query, err, w.Body)
			}
			list = append(list, w)
		}
		return list
	},
	"304": func(t *testing.T, c *contract, o *operation) answers {
		tag := c.ask(t, c.well, o, "+platform", o.examples(true)).Header().Get("ETag")
		return answers{c.ask(t, c.well, o, "+platform", o.examples(true), "If-None-Match", tag), c.ask(t, c.well, o, "+platform", o.examples(true), "If-None-Match", `"x", `+strings.TrimPrefix(tag, "W/"))}
	},
	"400": askedWrongly,
	"401": func(t *testing.T, c *contract, o *operation) answers {
		list := answers{c.ask(t, c.well, o, "nobody", o.examples(false))}
		if right := access.Right(o.text("x-right")); right.Scoped() {
			list = append(list, c.ask(t, c.well, o, "", o.examples(false)))
		}
		return list
	},
	"403": func(t *testing.T, c *contract, o *operation) (list answers) {
		elsewhere := o.examples(true)
		elsewhere.Set("within", "COMMUNE:"+theirs)
		for _, asked := range []struct {
			role  string
			query url.Values
		}{{"importer", o.examples(true)}, {"platform", elsewhere}, {"platform", nil}} {
			list = append(list, c.ask(t, c.well, o, asked.role, asked.query))
		}
		return list
	},
	"404": func(t *testing.T, c *contract, o *operation) answers {
		query := o.examples(false)
		for _, p := range o.parameters {
			if name := p.text("name"); name == "within" || name == "unit" {
				query.Set(name, "COMMUNE:99999")
			}
		}
		return answers{c.ask(t, c.well, o, "+platform", query)}
	},
	"406": func(t *testing.T, c *contract, o *operation) answers {
		return answers{c.ask(t, c.well, o, "+platform", o.examples(false), "Accept", "text/csv"), c.ask(t, c.well, o, "+platform", o.examples(false), "Accept", "application/json;q=0, text/html")}
	},
	"410": func(t *testing.T, c *contract, o *operation) answers {
		return answers{c.ask(t, c.well, o, "+platform", url.Values{"after": {db.FeedCursor(1<<40, "")}}), c.ask(t, c.well, o, "+platform", url.Values{"after": {db.FeedCursor(1, "of another")}})}
	},
	"429": func(t *testing.T, c *contract, o *operation) answers {
		return answers{c.ask(t, c.spent, o, "+platform", o.examples(false))}
	},
	"500": func(t *testing.T, c *contract, o *operation) answers {
		return answers{c.ask(t, c.broken, o, "+platform", o.examples(false))}
	},
	"503": func(t *testing.T, c *contract, o *operation) answers {
		return answers{c.ask(t, c.hurried, o, "+platform", o.examples(false))}
	},
}

// askedWrongly asks with an argument that there is not, which is answered with those that there are; and, for each parameter, with
// values that its schema does not allow, twice, and empty; and with a query string that is none, of which nothing is left out.
func askedWrongly(t *testing.T, c *contract, o *operation) (list answers) {
	t.Helper()
	var names []string
	for _, p := range o.parameters {
		names = append(names, p.text("name"))
	}
	slices.Sort(names)
	stray := o.examples(true)
	stray.Set("colour", "red")
	w := c.ask(t, c.well, o, "+platform", stray)
	if known := strings.Join(names, ", "); !strings.Contains(w.Body.String(), "there are: "+known+`"`) {
		t.Errorf("the document has %s: %s", known, w.Body)
	}
	list = append(list, w, get(t, c.well, o.path+"?"+o.examples(true).Encode()+"&after=%zz", "Authorization", "Bearer +platform"))
	for _, p := range o.parameters {
		for _, value := range c.wrongValues(p) {
			query := o.examples(false)
			query.Set(p.text("name"), value)
			w := c.ask(t, c.well, o, "+platform", query)
			if w.Code != http.StatusBadRequest {
				t.Errorf("%s=%s", p.text("name"), value)
			}
			list = append(list, w)
		}
		if p.at("schema").text("type") != "array" {
			query := o.examples(false)
			query[p.text("name")] = []string{"COMMUNE:32041", "COMMUNE:32041"}
			list = append(list, c.ask(t, c.well, o, "+platform", query))
		}
		if required, _ := p["required"].(bool); required {
			list = append(list, c.ask(t, c.well, o, "+platform", nil))
		}
	}
	return list
}

// wrongValues are what the schema of a parameter does not allow.
func (c *contract) wrongValues(p object) []string {
	schema, _ := c.resolved(p.at("schema"))
	values := []string{""}
	for bound, beyond := range map[string]float64{"minimum": -1, "maximum": 1} {
		if number, has := schema[bound].(json.Number); has {
			value, _ := number.Float64()
			values = append(values, fmt.Sprint(int64(value+beyond)))
		}
	}
	switch {
	case schema.text("type") != "string", schema["enum"] != nil, schema["format"] != nil, schema["pattern"] != nil:
		values = append(values, "wrong")
	}
	return values
}
