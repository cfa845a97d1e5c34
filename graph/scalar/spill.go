package scalar

import (
	"bytes"
	"context"
	"io"
)

// Spill keeps large encoded values out of the buffer in which gqlgen writes an answer, where
// they would be copied, and copied again whenever it grows. In their place stands a mark, a
// zero byte, which JSON never has; whoever sends the answer puts them back with Join.
//
// gqlgen writes an answer from one goroutine, from its beginning to its end, so the order of
// the marks is that of the values.
type Spill struct{ values [][]byte }

var mark = []byte{0}

type spillKey struct{}

// WithSpill returns a context whose FeatureCollections go into the spill.
func WithSpill(ctx context.Context) (context.Context, *Spill) {
	spill := new(Spill)
	return context.WithValue(ctx, spillKey{}, spill), spill
}

// Join returns the parts of an answer in their order: what gqlgen wrote, cut at the marks,
// and the values in between.
func (s *Spill) Join(written []byte) [][]byte {
	parts := make([][]byte, 0, 2*len(s.values)+1)
	for _, value := range s.values {
		before, after, _ := bytes.Cut(written, mark)
		parts = append(parts, before, value)
		written = after
	}
	return append(parts, written)
}

// MarshalGQLContext puts the bytes into the context's spill, or else writes them as they are.
func (f FeatureCollection) MarshalGQLContext(ctx context.Context, w io.Writer) error {
	spill, ok := ctx.Value(spillKey{}).(*Spill)
	if !ok || len(f) == 0 {
		writeEncoded(w, f)
		return nil
	}
	spill.values = append(spill.values, f)
	_, err := w.Write(mark)
	return err
}

// UnmarshalGQLContext refuses: no argument takes a FeatureCollection.
func (f *FeatureCollection) UnmarshalGQLContext(context.Context, any) error {
	return &Error{"FeatureCollection chỉ có trong câu trả lời / a FeatureCollection is only ever an answer"}
}
