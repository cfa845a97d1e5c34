package db_test

import (
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"vunglom/db"
)

// noise is a text that nothing can make shorter: an index has to hold it byte by byte.
func noise(bytes int) string {
	var b strings.Builder
	for i := 0; b.Len() < bytes; i++ {
		sum := sha512.Sum512(fmt.Append(nil, i))
		b.WriteString(hex.EncodeToString(sum[:]))
	}
	return b.String()[:bytes]
}

// The longest codes land and can be asked for; longer ones are rejected row by row, and don't fail the bundle by an
// index that can't hold them.
func TestLongCodes(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	long, longer := noise(500), noise(20_000)
	report := l.land(t, edited(small, map[string]string{
		"units.csv":        small["units.csv"] + "hamlet," + long + ",x,ap,commune,32002,2025-07-01,,\nhamlet," + longer + ",x,ap,commune,32002,2025-07-01,,\n",
		"services.csv":     small["services.csv"] + long + ",a,b,household\n" + longer + ",a,b,household\n",
		"designations.csv": small["designations.csv"] + "hamlet," + long + "," + long + "," + long + ",,2025-07-01,\n",
		"adoptions.csv":    small["adoptions.csv"] + "A," + long + ",2023-08-01,\n",
		"reports.csv": small["reports.csv"] + "hamlet," + long + "," + long + ",1,eq,2025-08-01,," + noise(1000) + "\n" +
			"province,96,dossiers,1,eq,2025-08-01,," + noise(1001) + "\n",
	}), db.ImportOptions{})

	wrong := problems(report, "bad_value")
	if len(wrong) != 3 {
		t.Fatalf("too long: %+v", wrong)
	}
	for _, p := range wrong {
		if p.Kept || !strings.Contains(p.Message, "too long") || len(p.Value) > 1000 {
			t.Errorf("problem: %+v", p)
		}
	}
	if _, err := l.UnitByRef(t.Context(), db.Ref{Level: db.LevelHamlet, Code: long}, parse("2025-08-01")); err != nil {
		t.Error(err)
	}
}
