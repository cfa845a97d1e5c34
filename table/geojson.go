package table

import (
	"bufio"
	"encoding/json"
	"io"
	"math"
	"strconv"
	"time"
)

// jsonWriter writes an RFC 7946 FeatureCollection. Properties are named as the API names them, whatever the language;
// the member "fields" says what each means. What the file is about are members beside "features".
type jsonWriter struct {
	out   *bufio.Writer
	table *Table
	names []string // of the properties, quoted, with what stands before each
	any   bool     // a feature has been written
	text  []byte
}

func newGeoJSON(to io.Writer, t *Table, about *About, l Language) (*jsonWriter, error) {
	w := &jsonWriter{out: bufio.NewWriterSize(to, 1<<16), table: t}
	fields := []byte{'{'}
	for i := range t.Columns {
		c, comma := &t.Columns[i], ","
		if i == 0 {
			comma = ""
		}
		w.names = append(w.names, comma+`"`+c.Name+`":`)
		fields = append(fields, w.names[i]...)
		fields = appendJSON(fields, c.Header(l))
	}
	w.out.WriteString(`{"type":"FeatureCollection"`)
	w.member("name", t.Name)
	w.member("title", t.Title(l))
	w.member("asOf", about.AsOf.Format(time.DateOnly))
	w.member("boundariesAsOf", about.boundaries().Format(time.DateOnly))
	w.member("snapshot", about.Snapshot)
	w.member("arguments", about.Arguments)
	w.member("synthetic", about.Synthetic())
	type origin struct {
		Province   string    `json:"province"`
		Snapshot   string    `json:"snapshot"`
		DataAsOf   string    `json:"dataAsOf"`
		ImportedAt time.Time `json:"importedAt"`
		Source     string    `json:"source"`
		Licence    *string   `json:"licence"`
		Synthetic  bool      `json:"synthetic"`
	}
	origins := make([]origin, len(about.Origins))
	for i, o := range about.Origins {
		origins[i] = origin{Province: o.Province, Snapshot: o.Snapshot, DataAsOf: o.DataAsOf.Format(time.DateOnly),
			ImportedAt: o.ImportedAt.UTC(), Source: o.Source, Synthetic: o.Synthetic}
		if o.Licence != "" {
			origins[i].Licence = &about.Origins[i].Licence
		}
	}
	w.member("datasets", origins)
	for _, n := range about.Notes {
		if day, ok := n.Value.(time.Time); ok {
			n.Value = day.Format(time.DateOnly)
		}
		w.member(n.Name, n.Value)
	}
	w.out.WriteString(`,"fields":`)
	w.out.Write(append(fields, '}'))
	w.out.WriteString(`,"features":[`)
	return w, nil
}

func (w *jsonWriter) member(name string, value any) {
	w.out.Write(appendJSON(append(appendJSON([]byte{','}, name), ':'), value))
}

func (w *jsonWriter) Write(r *Row) error {
	b := w.text[:0]
	if w.any {
		b = append(b, ',')
	}
	w.any = true
	b = append(b, "\n"+`{"type":"Feature","geometry":`...)
	switch {
	case r.At != nil:
		b = appendDegrees(append(b, `{"type":"Point","coordinates":[`...), r.At[0])
		b = append(appendDegrees(append(b, ','), r.At[1]), "]}"...)
	case r.Shape != nil:
		b = append(b, r.Shape...)
	default:
		b = append(b, "null"...)
	}
	b = append(b, `,"properties":{`...)
	for i, cell := range r.Cells {
		b = append(b, w.names[i]...)
		switch v := cell.(type) {
		case nil:
			b = append(b, "null"...)
		case string:
			b = appendJSON(b, v)
		case time.Time:
			b = append(appendPlain(append(b, '"'), v, w.table.Columns[i].Kind), '"')
		default:
			b = appendPlain(b, v, w.table.Columns[i].Kind)
		}
	}
	w.text = append(b, "}}"...)
	_, err := w.out.Write(w.text)
	return err
}

// Close writes the end, without which the file is no JSON.
func (w *jsonWriter) Close() error {
	w.out.WriteString("\n]}\n")
	return w.out.Flush()
}

func (w *jsonWriter) Discard() {}

// appendJSON writes any value; a text that needs no escape without the library.
func appendJSON(b []byte, value any) []byte {
	if s, ok := value.(string); ok && plain(s) {
		return append(append(append(b, '"'), s...), '"')
	}
	text, err := json.Marshal(value)
	if err != nil {
		return append(b, "null"...) // no value of ours fails
	}
	return append(b, text...)
}

func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= 0x80 {
			return false
		}
	}
	return true
}

// rounded gives a coordinate at most 7 decimals, which is about a centimetre: in every format the same.
func rounded(degrees float64) float64 { return math.Round(degrees*1e7) / 1e7 }

func appendDegrees(b []byte, degrees float64) []byte {
	return strconv.AppendFloat(b, rounded(degrees), 'f', -1, 64)
}
