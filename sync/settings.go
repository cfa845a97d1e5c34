// Package sync fetches data from other agencies' systems, as a province's integration platform (LGSP) and its gateways hand them
// out, and makes bundles of them. What is then done with a bundle is the import's: the same checks, the same transaction.
//
// A source is one address that hands out records for one table of the contract. Its answers are received whole and kept as they
// came (fetch.go, keep.go), understood (envelope.go), and mapped to the table's columns (mapping.go). A run that broke off goes
// on where it was (run.go).
package sync

import (
	"fmt"
	"os"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"vunglom/access"

	"vunglom/outbound"
)

// Settings are what the file of --settings says: docs/sync.md describes each key.
type Settings struct {
	KeepDays     int       `yaml:"keepDays"`     // how long answers are kept as they came, in days; default 7, 0: until they have landed
	ResumeWithin string    `yaml:"resumeWithin"` // how old a run that broke off may be to go on with what it has; default 6h
	Retry        Retry     `yaml:"retry"`
	Limits       Limits    `yaml:"limits"`
	Sources      []*Source `yaml:"sources"`

	file   string
	tree   *ast.File
	resume time.Duration
}

// Retry is how often a request that failed is sent again, and when: the wait doubles from First to Longest, each half to one and a
// half times as long by chance. A Retry-After is waited for instead; where that is longer than After the run ends, and the source is not asked before.
type Retry struct {
	Attempts int    `yaml:"attempts"` // of one request in all; default 6
	First    string `yaml:"first"`    // default 1s
	Longest  string `yaml:"longest"`  // default 5m
	After    string `yaml:"after"`    // the longest Retry-After that a run waits for; default 15m

	first, longest, after time.Duration
}

// Limits are how much a source may send.
type Limits struct {
	Time        string `yaml:"time"`        // for one request, to the last byte of its answer; default 5m
	AnswerBytes int64  `yaml:"answerBytes"` // of one answer, unpacked; default 1 GiB
	RecordBytes int64  `yaml:"recordBytes"` // of one record; default 1 MiB
	RunBytes    int64  `yaml:"runBytes"`    // of all answers of a run; default 4 GiB
	Pages       int    `yaml:"pages"`       // of a run; default 10,000

	time time.Duration
}

// Source is one address that hands out records for one table.
type Source struct {
	Name     string            `yaml:"name"`     // small letters, digits and "-"
	Protocol string            `yaml:"protocol"` // wso2, access-key, session or open
	URL      string            `yaml:"url"`      // https; http on loopback alone
	Method   string            `yaml:"method"`   // GET or POST; default POST for access-key and session, else GET
	Query    map[string]string `yaml:"query"`    // what stands behind the address; no secrets, which servers on the way would log
	Headers  map[string]Text   `yaml:"headers"`
	Body     map[string]Item   `yaml:"body"` // of a POST, sent as JSON
	CA       string            `yaml:"ca"`   // a PEM file of certificate authorities that are believed beside the system's
	Schedule string            `yaml:"schedule"`

	Token     *Token     `yaml:"token"`
	AccessKey *AccessKey `yaml:"accessKey"`
	Session   *Session   `yaml:"session"`

	Records string   `yaml:"records"` // the path of the records in an answer: data.items; empty: the answer itself
	Success *Success `yaml:"success"` // absent: error_code 0 of a session's; else the HTTP status tells, and what looks like a failure is one
	Pages   *Pages   `yaml:"pages"`   // absent: one answer has everything

	Bundle  Meta               `yaml:"bundle"`
	Table   string             `yaml:"table"`
	Columns map[string]*Column `yaml:"columns"` // by name of the table's column
	Scope   *Scope             `yaml:"scope"`   // absent: the source speaks for the whole province
}

// Token is how a WSO2 gateway hands out bearer tokens (OAuth2 client_credentials).
type Token struct {
	URL    string          `yaml:"url"`
	ID     Text            `yaml:"id"`
	Secret outbound.Secret `yaml:"secret"`
	In     string          `yaml:"in"`    // where id and secret stand: basic (default) or body
	Scope  string          `yaml:"scope"` // absent: none is asked for
}

// AccessKey is the header of an access-key gateway: base64 of a JSON object of these.
type AccessKey struct {
	Header         string          `yaml:"header"` // default lgspaccesstoken
	AccessKey      outbound.Secret `yaml:"accessKey"`
	SecretKey      outbound.Secret `yaml:"secretKey"`
	AppName        string          `yaml:"appName"`
	PartnerCode    string          `yaml:"partnerCode"`
	PartnerCodeCus string          `yaml:"partnerCodeCus"`
}

// Session is a login whose answer names a session, which then stands in the body of each request.
type Session struct {
	URL     string            `yaml:"url"`
	Query   map[string]string `yaml:"query"`
	Headers map[string]Text   `yaml:"headers"`
	Body    map[string]Text   `yaml:"body"`    // what signs in, sent as JSON
	Field   string            `yaml:"field"`   // default session, in the login's answer and in each body
	Success *Success          `yaml:"success"` // of the login; absent: error_code 0
}

// Success is where an answer's body says whether the request succeeded, whatever its HTTP status.
type Success struct {
	Field   string   `yaml:"field"`   // a path: error_code
	Values  []string `yaml:"values"`  // what means success
	Expired []string `yaml:"expired"` // what means that the token or session has run out: signed in once more
	Message string   `yaml:"message"` // the path of what it says of a failure
}

// paths lists what is to be remembered of an answer.
func (s *Success) paths() []string {
	if s == nil {
		return nil
	}
	return []string{s.Field, s.Message}
}

// Pages is how the next answer is asked for.
type Pages struct {
	By            string `yaml:"by"`            // page (1, 2, 3 …), offset (records so far) or cursor (what the last answer said)
	Parameter     string `yaml:"parameter"`     // in the query of a GET, in the body of a POST
	First         *int   `yaml:"first"`         // the first page's number, 0 or more; default 1
	SizeParameter string `yaml:"sizeParameter"` // absent: the size is not told
	Size          int    `yaml:"size"`          // default 1000
	Cursor        string `yaml:"cursor"`        // the path of the next cursor in an answer; none there, or empty: that was all
	Total         string `yaml:"total"`         // the path of how many records there are in all: as many must have come
}

// Meta is what bundle.json says of a bundle.
type Meta struct {
	Province  string `yaml:"province"`
	AsOf      string `yaml:"asOf"`   // YYYY-MM-DD; absent: the day the run began
	Source    string `yaml:"source"` // default the source's name
	Licence   string `yaml:"licence"`
	SRID      int    `yaml:"srid"` // default 4326
	Synthetic bool   `yaml:"synthetic"`
}

// Column is where a column's values come from: a field, or a constant.
type Column struct {
	Field    string            `yaml:"field"` // a path into the record: dia_chi.ma_xa, toa_do.0, @id for an attribute of XML
	Constant *string           `yaml:"constant"`
	Date     Words             `yaml:"date"`     // how days are written: dd/MM/yyyy, yyyy-MM-dd'T'HH:mm:ss, rfc3339, unix, unixMillis
	Number   string            `yaml:"number"`   // local: 1.729 is a thousand, 75,4% is 0.754
	Codes    map[string]string `yaml:"codes"`    // the source's words → the contract's; others are refused
	Optional bool              `yaml:"optional"` // no record need have it: the column is then left out, and what is stored stays; without, such a run fails
}

// Scope is where the source may speak for: records of other units are refused.
type Scope struct {
	Field string   `yaml:"field"` // the path of the unit's code in a record
	Codes []string `yaml:"codes"` // of the units that it may speak for, as the field holds them
	Units []string `yaml:"units"` // where its households lie in the store, whatever it says: COMMUNE:32041

	units []access.Unit
}

// Units are where rows of the source may lie in the store; none: everywhere.
func (s *Source) Units() []access.Unit {
	if s.Scope == nil {
		return nil
	}
	return s.Scope.units
}

// Words is one word, or a list of some.
type Words []string

// UnmarshalYAML takes a text for a list of one.
func (w *Words) UnmarshalYAML(node ast.Node) error {
	var one string
	if yaml.NodeToValue(node, &one) == nil {
		*w = Words{one}
		return nil
	}
	return yaml.NodeToValue(node, (*[]string)(w))
}

// UnmarshalYAML takes a text for the name of a field.
func (c *Column) UnmarshalYAML(node ast.Node) error {
	if _, is := node.(ast.ScalarNode); is {
		return yaml.NodeToValue(node, &c.Field)
	}
	type plain Column
	return yaml.NodeToValue(node, (*plain)(c), yaml.Strict())
}

// Load reads settings from a file, YAML or JSON. Its errors name the file, the line, the value and what to do; no value where a
// secret belongs is ever shown.
func Load(file string) (*Settings, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("--settings: %w; hãy cho tệp có thật, đọc được · give a file that exists and can be read", err)
	}
	s := &Settings{file: file, KeepDays: 7}
	if s.tree, err = parser.ParseBytes(text, 0); err == nil {
		err = yaml.UnmarshalWithOptions(text, s, yaml.Strict())
		s.file = file // which a file without a word has emptied
	}
	if err != nil { // without the source's lines, which might hold a secret in the wrong place
		return nil, fmt.Errorf("%s: không đúng cấu trúc; xem docs/sync.md · not as it should be; see docs/sync.md: %s", file, yaml.FormatError(err, false, false))
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	return s, nil
}

// Find returns the sources of those names, in the file's order; all of them where no name is given.
func (s *Settings) Find(names []string) ([]*Source, error) {
	if len(names) == 0 {
		return s.Sources, nil
	}
	wanted := map[string]bool{}
	for _, name := range names {
		wanted[name] = true
	}
	var found []*Source
	for _, source := range s.Sources {
		if wanted[source.Name] {
			found = append(found, source)
			delete(wanted, source.Name)
		}
	}
	for name := range wanted {
		return nil, fmt.Errorf("--source %[2]s: %[1]s không có nguồn này; hãy chọn trong: %[3]s · %[1]s has no such source; choose one of: %[3]s", s.file, name, s.names())
	}
	return found, nil
}
