package scalar

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"time"
)

func TestDatesAreStrict(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"2024-09-30", "2024-02-29", "0001-01-01", "9999-12-31"} {
		day, err := UnmarshalDate(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		var written bytes.Buffer
		MarshalDate(day).MarshalGQL(&written)
		if written.String() != `"`+text+`"` || day.Location() != time.UTC {
			t.Errorf("%s became %s in %s", text, written.String(), day.Location())
		}
	}
	for _, value := range []any{"", "2024-9-30", "2024-02-30", "2023-02-29", "30/09/2024", "2024-09-30T00:00:00Z", " 2024-09-30", "0000-01-01", "20240930", 20240930, nil, true} {
		_, err := UnmarshalDate(value)
		var unread *Error
		if !errors.As(err, &unread) {
			t.Errorf("%v is taken as a day: %v", value, err)
		}
	}
}

func TestMomentsAreUTC(t *testing.T) {
	t.Parallel()
	moment, err := UnmarshalDateTime("2026-10-31T03:00:00.5+07:00")
	if err != nil {
		t.Fatal(err)
	}
	var written bytes.Buffer
	MarshalDateTime(moment.In(time.FixedZone("", 3600))).MarshalGQL(&written)
	if written.String() != `"2026-10-30T20:00:00.5Z"` {
		t.Errorf("%s", written.String())
	}
	for _, value := range []any{"2026-10-31", "now", 1, nil} {
		if _, err := UnmarshalDateTime(value); err == nil {
			t.Errorf("%v is taken as a moment", value)
		}
	}
}

func TestGeometryPassesThrough(t *testing.T) {
	t.Parallel()
	var g Geometry
	if err := g.UnmarshalGQL(map[string]any{"type": "Point", "coordinates": []any{json.Number("105.15"), json.Number("9.18")}}); err != nil {
		t.Fatal(err)
	}
	var written bytes.Buffer
	g.MarshalGQL(&written)
	Geometry(nil).MarshalGQL(&written)
	if written.String() != `{"coordinates":[105.15,9.18],"type":"Point"}null` {
		t.Errorf("%s", written.String())
	}
	for _, value := range []any{nil, "POINT (1 2)", map[string]any{}, map[string]any{"type": "Point"}, map[string]any{"coordinates": []any{}}, map[string]any{"type": 1, "coordinates": []any{}}} {
		if err := g.UnmarshalGQL(value); err == nil {
			t.Errorf("%v is taken as a geometry", value)
		}
	}
}

// TestSpillJoins: what was kept out of the answer comes back at its place.
func TestSpillJoins(t *testing.T) {
	t.Parallel()
	ctx, spill := WithSpill(t.Context())
	var written bytes.Buffer
	for i, part := range []string{`{"a":`, `,"b":`, `,"c":`} {
		written.WriteString(part)
		value := FeatureCollection([]string{`{"n":1}`, ``, `{"n":3}`}[i])
		if err := value.MarshalGQLContext(ctx, &written); err != nil {
			t.Fatal(err)
		}
	}
	written.WriteString(`}`)
	if got := string(bytes.Join(spill.Join(written.Bytes()), nil)); got != `{"a":{"n":1},"b":null,"c":{"n":3}}` {
		t.Errorf("%s", got)
	}
	written.Reset()
	if err := FeatureCollection(`{}`).MarshalGQLContext(t.Context(), &written); err != nil || written.String() != `{}` {
		t.Errorf("without a spill: %s, %v", written.String(), err)
	}
	if got := string(bytes.Join((&Spill{}).Join([]byte(`{}`)), nil)); got != `{}` {
		t.Errorf("nothing spilt: %s", got)
	}
}
