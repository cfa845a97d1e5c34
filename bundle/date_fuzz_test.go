package bundle

import (
	"bytes"
	"testing"
)

// FuzzDate holds that what is read as a day is that day when it is written, and that what is refused is told a remedy.
func FuzzDate(f *testing.F) {
	for _, s := range []string{"2024-02-29", "2023-02-29", "2024-09-30T00:00:00+07:00", "2024-09-30 00:00", "30/9/2024", "0000-01-01", "9999-12-31", "20240930", "2024-9-30"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, cell []byte) {
		day, ok := parseDate(cell)
		if !ok {
			if dateFault("visited_on", cell).message == "" {
				t.Errorf("%q is refused without a remedy", cell)
			}
			return
		}
		if written := appendDay(nil, day); !bytes.Equal(written, cell[:min(10, len(cell))]) {
			t.Errorf("%q is read as %s", cell, written)
		}
	})
}

// FuzzNumber holds that numbers are finite, and that whole ones are what the reader of any number makes of them; beyond the digits that a
// float64 holds they are refused for their size, however many digits they have.
func FuzzNumber(f *testing.F) {
	for _, s := range []string{"1.5", "-0", "1e308", "1e309", "NaN", "Inf", "0x1p-2", "1_000", "12.0", "1.000", "99999999999999999999", ".", "+", "75,4", "1.234.567", "75%"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, cell []byte) {
		number, ok := parseFloat(cell)
		if ok && number-number != 0 {
			t.Errorf("%q is read as %v", cell, number)
		}
		whole, isWhole := parseWhole(cell)
		if isWhole && whole < 1<<53 && whole > -1<<53 && (!ok || float64(whole) != number) {
			t.Errorf("%q is read as %d and as %v, %v", cell, whole, number, ok)
		}
		if !ok && numberFault("share", cell, false).message == "" {
			t.Errorf("%q is refused without a remedy", cell)
		}
	})
}
