package bundle

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestCSVLines(t *testing.T) {
	const header = "code,name_vi,name_en,counted_in\n"
	for name, c := range map[string]struct {
		content string
		rows    string // line:code of each row
		bad     string // line:code of each rejected record
	}{
		"plain":               {header + "a,A,A,person\nb,B,B,person\n", "2:a 3:b", ""},
		"no last line's end":  {header + "a,A,A,person\nb,B,B,person", "2:a 3:b", ""},
		"quoted last":         {header + "a,A,A,person\nb,B,B,\"person\"", "2:a 3:b", ""},
		"carriage returns":    {strings.ReplaceAll(header+"a,A,A,person\nb,\"B\",\"B\",\"person\"\n", "\n", "\r\n"), "2:a 3:b", ""},
		"empty lines":         {header + "\n\na,A,A,person\n\r\nb,B,B,person\n\n", "4:a 6:b", ""},
		"quoted line's end":   {header + "a,\"A\n\nA\",A,person\nb,B,B,person\n", "2:a 5:b", ""},
		"broken, then fine":   {header + "a,A\"A,A,person\nb,B,B,person\n", "3:b", "2:bare_quote"},
		"opened, then closed": {header + "a,\"A,A,person\nb,\"B\",B,person\nc,C,C,person\n", "3:b 4:c", "2:bare_quote"},
		"never closed":        {header + "a,\"A,A,person\nb,B,B,person\nc,C,C,person\n", "3:b 4:c", "2:bare_quote"},
		"too few":             {header + "a\nb,B,B,person\n", "3:b", "2:field_count"},
		"header only":         {header, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			g := readFile(t, "services.csv", c.content)
			if g.err != nil {
				t.Fatal(g.err)
			}
			var rows, bad []string
			for _, r := range g.rows {
				rows = append(rows, fmt.Sprintf("%d:%s", r.Line, r.Values[0].Text))
			}
			for _, p := range g.problems {
				bad = append(bad, fmt.Sprintf("%d:%s", p.Line, p.Code))
			}
			if got := strings.Join(rows, " "); got != c.rows {
				t.Errorf("rows %q, want %q", got, c.rows)
			}
			if got := strings.Join(bad, " "); got != c.bad {
				t.Errorf("rejected %q, want %q", got, c.bad)
			}
		})
	}
}

// records reads all records of a CSV with our reader, its header included.
func records(content []byte, slow bool) (all [][]string, err error) {
	var in io.Reader = bytes.NewReader(content)
	if slow {
		in = iotest.OneByteReader(in)
	}
	r, err := newCSVReader("x.csv", io.NopCloser(in))
	if err != nil {
		return nil, err
	}
	all = append(all, r.header)
	for {
		_, _, bad, err := r.next()
		if err == io.EOF {
			return all, nil
		}
		if err != nil || bad != nil {
			return all, fmt.Errorf("%v %v", err, bad)
		}
		var record []string
		for _, f := range r.fields {
			record = append(record, string(f))
		}
		all = append(all, record)
	}
}

// TestCSVIsRFC4180 compares with the standard library's reader over what its writer
// writes, whole and byte by byte.
func TestCSVIsRFC4180(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		field := rapid.StringOf(rapid.SampledFrom([]rune("ab,\"\n Đệ;"))) // a lone CR is not kept by encoding/csv
		rows := rapid.SliceOfN(rapid.SliceOfN(field, 2, 4), 1, 8).Draw(t, "rows")
		var out bytes.Buffer
		w := csv.NewWriter(&out)
		w.UseCRLF = false
		if err := w.WriteAll(rows); err != nil {
			t.Fatal(err)
		}
		for _, slow := range []bool{false, true} {
			got, err := records(out.Bytes(), slow)
			if err != nil {
				t.Fatalf("%q: %v", out.String(), err)
			}
			if diff := cmp.Diff(rows, got); diff != "" {
				t.Fatalf("%q: %s", out.String(), diff)
			}
		}
	})
}

// TestLongQuotedRecord reads a record that is longer than the buffer.
func TestLongQuotedRecord(t *testing.T) {
	long := strings.Repeat("x\n", 400_000)
	g := readFile(t, "services.csv", "code,name_vi,name_en,counted_in\na,\""+long+"\",A,person\nb,B,B,person\n")
	if g.err != nil || len(g.rows) != 2 || len(g.rows[0].Values[1].Text) != len(long)-1 || g.rows[1].Line != 400_003 {
		t.Errorf("%d rows, %v, problems %d", len(g.rows), g.err, len(g.problems))
	}
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte("code,name_vi\na,\"b\nc\"\n"))
	f.Add([]byte("\xef\xbb\xbfa,b\r\n\"x\"\"y\",\"\r\n"))
	f.Add([]byte("a\n\"\"\"\"\n\"b\"x\n"))
	// Rows that come through, and rows that are rejected.
	f.Add([]byte("code,household_code,team_code,visited_on,outcome,topics\r\nV1,H1,T1,2024-09-30,guided,vneid;dich_vu_cong\r\n\r\nV2,H1,,2024-9-30,\"not\n_home\",\nV3,\"H\"\"3\",T1,2024-09-30T00:00:00+07:00,declined\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		g := fuzzFile(t, "visits.csv", data)
		lines := int64(bytes.Count(data, []byte("\n")) + 1)
		last := int64(0)
		for _, r := range g.rows {
			if r.Line <= last || r.Line > lines {
				t.Errorf("a row stands at line %d after %d of %d", r.Line, last, lines)
			}
			last = r.Line
		}
	})
}
