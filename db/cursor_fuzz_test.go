package db

import (
	"encoding/base64"
	"math"
	"strings"
	"testing"
)

// FuzzCursor reads any text as a cursor: what is taken holds keys that the database can compare, and names its place again.
func FuzzCursor(f *testing.F) {
	f.Add(cursor(teamList, "T001"))
	f.Add(cursor("gap", 0.25, 7, "32001"))
	for _, text := range []string{`["gap",1e400,1,"a"]`, `["gap",1,99999999999,"a"]`, `["gap",1,1,"\u0000"]`, `["gap",null,null,null]`, `["gap"]`, `{}`, `["gap",1,1,"a",2]`} {
		f.Add(base64.RawURLEncoding.EncodeToString([]byte(text)))
	}
	f.Fuzz(func(t *testing.T, after string) {
		if after == "" {
			return
		}
		var share float64
		var count int
		var code string
		if err := (PageArgs{First: 1, After: after}).start("gap", &share, &count, &code); err != nil {
			return
		}
		if math.IsNaN(share) || math.IsInf(share, 0) || count != int(int32(count)) || strings.ContainsRune(code, 0) {
			t.Errorf("%q is read as %v, %d, %q", after, share, count, code)
		}
		var share2 float64
		var count2 int
		var code2 string
		if err := (PageArgs{First: 1, After: cursor("gap", share, count, code)}).start("gap", &share2, &count2, &code2); err != nil || share2 != share || count2 != count || code2 != code {
			t.Errorf("%q is read as %v, %d, %q, and written again as %v, %d, %q: %v", after, share, count, code, share2, count2, code2, err)
		}
	})
}
