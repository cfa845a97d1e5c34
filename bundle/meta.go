package bundle

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"
)

// MetaFile is the name of the file that describes a bundle.
const MetaFile = "bundle.json"

// maxMeta is how long bundle.json may be, in bytes.
const maxMeta = 1 << 20

// defaultSRID is WGS 84, longitude and latitude in degrees.
const defaultSRID = 4326

// Meta is what bundle.json says about a bundle.
type Meta struct {
	Province  string // the province's code
	AsOf      int64  // the day the bundle speaks of, in days since 1970-01-01
	Source    string // where the data come from
	Licence   string // under which terms; may be empty
	SRID      int    // EPSG number of every coordinate of the bundle
	Synthetic bool   // generated data
}

// AsOfTime returns the bundle's day as midnight UTC.
func (m Meta) AsOfTime() time.Time { return DayTime(m.AsOf) }

// metaKeys are the keys of bundle.json.
var metaKeys = []string{"province", "as_of", "source", "licence", "srid", "synthetic"}

// readMeta reads bundle.json. Keys it doesn't know come back as problems.
func readMeta(name string, r io.Reader) (Meta, []Problem, error) {
	m := Meta{SRID: defaultSRID}
	data, err := io.ReadAll(io.LimitReader(r, maxMeta+1))
	if err != nil {
		return m, nil, fileError(name, "can't be read: %v", err)
	}
	if len(data) > maxMeta {
		return m, nil, fileError(name, "is longer than %d bytes; it holds one small object", maxMeta)
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return m, nil, fileError(name, `is not a JSON object like {"province": "96", "as_of": "2024-09-30", "source": "…"}: %v`, err)
	}
	var asOf string
	for key, into := range map[string]any{
		"province": &m.Province, "as_of": &asOf, "source": &m.Source,
		"licence": &m.Licence, "srid": &m.SRID, "synthetic": &m.Synthetic,
	} {
		cell, ok := raw[key]
		if !ok || string(cell) == "null" {
			continue
		}
		if err := json.Unmarshal(cell, into); err != nil {
			return m, nil, metaError(name, key, shown(cell), map[string]string{
				"srid": "write the EPSG number without quotes, such as 4326", "synthetic": "write true or false",
			}[key])
		}
	}
	m.Province, m.Source, m.Licence = strings.TrimSpace(m.Province), strings.TrimSpace(m.Source), strings.TrimSpace(m.Licence)
	if m.Province == "" || len(m.Province) > 100 || strings.ContainsFunc(m.Province, unicode.IsControl) {
		return m, nil, metaError(name, "province", m.Province, `write the province's code, such as "96"`)
	}
	day, ok := parseDay([]byte(strings.TrimSpace(asOf)))
	if !ok {
		return m, nil, metaError(name, "as_of", asOf, `write the day the data speak of, such as "2024-09-30"`)
	}
	m.AsOf = day
	if m.Source == "" {
		return m, nil, metaError(name, "source", "", "say where the data come from")
	}
	for key, text := range map[string]string{"source": m.Source, "licence": m.Licence} {
		if strings.ContainsRune(text, 0) {
			return m, nil, metaError(name, key, text, "write it without the NUL character")
		}
	}
	if m.SRID <= 0 || m.SRID > 999999 {
		return m, nil, metaError(name, "srid", fmt.Sprint(m.SRID), "write the EPSG number of the coordinates, such as 4326 or 9207")
	}
	var unknown []Problem
	for key := range raw {
		if !slices.Contains(metaKeys, key) {
			unknown = append(unknown, Problem{File: name, Column: key, Value: shown(raw[key]), Code: "unknown_key", Kept: true,
				Message: fmt.Sprintf("%q is not a key of %s and is ignored; it may have %s", key, MetaFile, strings.Join(metaKeys, ", "))})
		}
	}
	slices.SortFunc(unknown, func(a, b Problem) int { return strings.Compare(a.Column, b.Column) })
	return m, unknown, nil
}

func metaError(name, key, value, remedy string) error {
	if remedy == "" {
		remedy = "write it as text in quotes"
	}
	e := fileError(name, "%s is %q; %s", key, value, remedy)
	if value == "" {
		e.Message = fmt.Sprintf("%s is missing; %s", key, remedy)
	}
	e.Column, e.Value = key, value
	return e
}

// writeMeta writes bundle.json.
func writeMeta(w io.Writer, m Meta) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(struct {
		Province  string `json:"province"`
		AsOf      string `json:"as_of"`
		Source    string `json:"source"`
		Licence   string `json:"licence,omitempty"`
		SRID      int    `json:"srid"`
		Synthetic bool   `json:"synthetic"`
	}{m.Province, string(appendDay(nil, m.AsOf)), m.Source, m.Licence, m.SRID, m.Synthetic})
}
