package argument

import (
	"errors"
	"math"
	"net/url"
	"testing"
	"time"

	"vunglom/db"
)

// FuzzArguments reads every kind of argument from any query string: what is taken can be asked about, and what is not is refused
// as bad input.
func FuzzArguments(f *testing.F) {
	for _, s := range []string{"asOf=2024-09-30&within=COMMUNE:32001&bbox=104.5,8.5,105.5,9.5&level=HAMLET&n=5&share=0.75&ok=true", "bbox=NaN,1,2,3",
		"bbox=1e999,0,0,0", "within=:", "n=99999999999", "asOf=0000-00-00", "a=1&a=2", "words=GUIDED,UNKNOWN", "%zz", "n=%00"} {
		f.Add(s)
	}
	today := time.Date(2026, 9, 30, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			return // the edge has refused it
		}
		a := New(values, today)
		day, boundaries := a.Day("asOf"), a.Boundaries()
		within, box, level := a.Ref("within"), a.Box("bbox"), a.Level("level", "COMMUNE")
		whole, share, optional, ok := a.Whole("n", 1), a.Number("share", 0.5), a.Optional("zoom"), a.Truth("ok", false)
		words := a.Choices("words", "GUIDED", "UNKNOWN")
		if err := a.Finish(); err != nil {
			var refused *db.Error
			if !errors.As(err, &refused) || refused.Code != db.CodeBadInput || refused.Message == "" {
				t.Errorf("%q: %v", query, err)
			}
			return
		}
		if within != nil && (within.Code == "" || within.Level == "") || level == "" || whole != int(int32(whole)) || math.IsNaN(share) || math.IsInf(share, 0) ||
			optional != nil && math.IsNaN(*optional) || len(words) > 0 && words[0] == "" || day.IsZero() && query == "" || ok && len(values) == 0 || !boundaries.IsZero() && !a.Has("boundariesAsOf") {
			t.Errorf("%q is read as %v, %v, %v, %v, %v", query, within, level, whole, share, words)
		}
		if box != nil {
			for _, c := range []float64{box.West, box.South, box.East, box.North} {
				if math.IsNaN(c) || math.IsInf(c, 0) {
					t.Errorf("%q is read as %+v", query, box)
				}
			}
		}
	})
}
