package bundle

import (
	"fmt"
	"slices"
	"testing"
)

// TestRowsThatWereSent are read as a file's: what was not given, what was made unknown, and what is wrong are told apart.
func TestRowsThatWereSent(t *testing.T) {
	t.Parallel()
	visits := TableNamed("visits")
	b := Sent(Meta{Province: "96"}, visits, [][][]byte{
		{[]byte("V1"), []byte("H1"), []byte("T1"), []byte("2024-08-15"), []byte("guided"), nil},
		{[]byte("V2"), []byte("H2"), []byte("T1"), []byte("31/08/2024"), []byte("guided"), []byte("vneid")},
		{[]byte(" V3 "), []byte("H3"), []byte("T1"), []byte("2024-08-17"), []byte("not_home"), []byte("")},
		{[]byte("V4"), nil, []byte("T1"), []byte("2024-08-17"), []byte("not_home"), nil},
	})
	var got []string
	read, err := b.Rows(t.Context(), visits, func(r *Row) error {
		topics := visits.Index("topics")
		got = append(got, fmt.Sprintf("%s:%d %s given %v known %v", r.File, r.Line, r.Values[0].Text, r.Given>>topics&1 == 1, r.Values[topics].Known))
		return nil
	}, func(p Problem) { got = append(got, fmt.Sprintf("%s:%d %s %s", p.File, p.Line, p.Column, p.Code)) })
	want := []string{"visits:1 V1 given false known false", "visits:2 visited_on bad_date", "visits:3 V3 given true known false", "visits:4 household_code required"}
	if err != nil || read != 4 || !slices.Equal(got, want) {
		t.Errorf("%d rows, %v: %q", read, err, got)
	}
	if !b.Has(visits) || b.Has(TableNamed("units")) || b.Meta.SRID != defaultSRID || b.Size(visits) != 4 {
		t.Errorf("%+v", b)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
}
