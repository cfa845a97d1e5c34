package sync

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"vunglom/outbound"
)

// FuzzEnvelope reads anything as an answer: it ends, gives the same twice, and remembers and shows little.
func FuzzEnvelope(f *testing.F) {
	for _, s := range []string{
		`{"objects":{"object":[{"a":1},{"a":[1,{"b":null}]}]}}`, `{"objects":{"object":{"a":"1.729"}}}`, `[{"a":1},2,null]`, `{"fault":{"code":900902,"message":"Missing Credentials"}}`,
		`<objects xmlns="http://ws.wso2.org/dataservice"><object><a>1</a><a>2</a></object><object id="3"/></objects>`, `<ams:fault xmlns:ams="x"><ams:code>900901</ams:code></ams:fault>`,
		`{"error_code":0,"result":null}`, `{"objects":""}`, "\xff\xfe{\x00}\x00", `<a>&lt;</a`, `{"a":`, `<!DOCTYPE html>`, "",
	} {
		f.Add([]byte(s), "objects.object")
		f.Add([]byte(s), "")
	}
	f.Fuzz(func(t *testing.T, answer []byte, path string) {
		var records int64
		first, err := readEnvelope(bytes.NewReader(answer), path, 1<<16, func(record any) error {
			records++
			field(record, strings.Split(path, "."))
			shown(record)
			return nil
		})
		again, errAgain := readEnvelope(bytes.NewReader(answer), path, 1<<16, nil)
		if (err == nil) != (errAgain == nil) || first.records != records || again.records != records {
			t.Fatalf("%d records, then %d, then %d: %v, %v", records, first.records, again.records, err, errAgain)
		}
		if err == nil && records > 0 && !first.found {
			t.Error("there are records, and no place where they stand")
		}
		first.fault()
		if len(first.said) > mostRemembered || len((&outbound.Veil{}).Hide(first.where())) > outbound.MostTold+8 {
			t.Errorf("%d values are remembered, %q", len(first.said), first.where())
		}
	})
}

// FuzzLocal reads anything as a day and as a number in local forms: what is taken is what the import takes.
func FuzzLocal(f *testing.F) {
	for _, s := range []string{"01/07/2025", "1.729", "75,4%", "-3,5", "1.72", "0,0000001%", "31/02/2025", "1.000.000", "0.754", "0.500%", "%", ",5", "2025-07-01T18:00:00Z", "1751328000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if n, ok := readLocalNumber(text); ok {
			if len(strings.Trim(n, "-.0123456789")) > 0 || strings.Count(n, ".") > 1 || n == "" {
				t.Errorf("%q is %q", text, n)
			}
			if first, _, grouped := strings.Cut(text, "."); grouped && strings.HasPrefix(strings.Trim(first, " -\u00a0\u202f"), "0") {
				t.Errorf("%q has a zero before its thousands, and is %q", text, n)
			}
		}
		for _, way := range []string{"dd/MM/yyyy", "rfc3339", "unix", "unixMillis", "yyyy-MM-ddTHH:mm:ss"} {
			if day, ok := readDay(text, []string{way}, time.UTC); ok {
				if _, err := time.Parse(time.DateOnly, day); err != nil {
					t.Errorf("%q is %q", text, day)
				}
			}
		}
	})
}

// TestLocalForms of numbers and days are read as Vietnam writes them, and not guessed at.
func TestLocalForms(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"1.729": "1729", "75,4%": "0.754", "75,4 %": "0.754", "0,5": "0.5", "1.234.567,80": "1234567.8", "-3,5": "-3.5", "5%": "0.05", "100%": "1", "0": "0", "1\u00a0000": "1000",
		"0.754": "", "0.500": "", "01.000": "", "0.000": "", "-0.754": "", "0.754%": "", "00.754,5": "", "10.754": "10754", "0,754": "0.754", "007": "7", "0 754": "", "1 7": "", "1 000.000": "", "- 3,5": "-3.5", "1\u202f000 %": "10",
		"1.5": "", "1.7290": "", "1,729.5": "", "12345.678": "", "": "", "abc": "", "1e5": "", "٣": ""} {
		if got, ok := readLocalNumber(text); got != want || ok != (want != "") {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
	vietnam := time.FixedZone("", 7*3600)
	for text, want := range map[[2]string]string{{"01/07/2025", "dd/MM/yyyy"}: "2025-07-01", {"1/7/2025", "dd/MM/yyyy"}: "2025-07-01", {"29/02/2025", "dd/MM/yyyy"}: "", {"20250701", "yyyyMMdd"}: "2025-07-01",
		{"01072025", "ddMMyyyy"}: "2025-07-01", {"2025-06-30T18:00:00Z", "rfc3339"}: "2025-07-01", {"1751302800", "unix"}: "2025-07-01", {"1751302800000", "unixMillis"}: "2025-07-01",
		{"01/07/2025 23:59:59", "dd/MM/yyyy HH:mm:ss"}: "2025-07-01", {"01/07/25", "dd/MM/yyyy"}: ""} {
		if got, _ := readDay(text[0], []string{text[1]}, vietnam); got != want {
			t.Errorf("%v is %q, want %q", text, got, want)
		}
	}
}
