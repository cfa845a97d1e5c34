package db

import (
	"encoding/binary"
	"hash/maphash"
	"math"

	"vunglom/bundle"
)

// seen tells of the rows of a table that no two have the same identity, in memory that does not grow with them: each
// identity sets six bits of one of many lines, and one whose six were set by others may have been there before. Of a million
// rows that differ it is nearly always told that they do; where it is not, the server compares them one by one.
type seen struct {
	table   *bundle.Table
	columns []int
	lines   [][8]uint64 // as long as a line of the processor's cache; a power of two of them
	seed    maphash.Seed
	key     []byte
	twice   bool // an identity may have come twice
}

// seenLines is how many lines there are at most: 16 MB of them.
const seenLines = 1 << 18

// begin forgets the rows of the table before. Size is how many bytes the table's files have: few rows need few lines.
func (s *seen) begin(t *bundle.Table, size int64) {
	if len(s.lines) == 0 {
		s.seed = maphash.MakeSeed()
	}
	want := 1 << 10
	for int64(want) < size && want < seenLines {
		want *= 2
	}
	if cap(s.lines) < want {
		s.lines = make([][8]uint64, want)
	}
	s.lines = s.lines[:want]
	clear(s.lines)
	s.table, s.columns, s.twice = t, s.columns[:0], false
	for _, c := range t.Identity {
		s.columns = append(s.columns, t.Index(c))
	}
}

// add takes the next row.
func (s *seen) add(r *bundle.Row) {
	if s.twice {
		return
	}
	s.key = s.key[:0]
	for _, c := range s.columns {
		s.key = appendIdentity(s.key, s.table.Columns[c].Type, &r.Values[c])
	}
	hash := maphash.Bytes(s.seed, s.key)
	lines := uint64(len(s.lines))
	line := &s.lines[hash%lines]
	hash /= lines
	before := true
	for range 6 {
		word, bit := hash/64%8, uint64(1)<<(hash%64)
		before = before && line[word]&bit != 0
		line[word] |= bit
		hash = hash>>7 | hash<<57
	}
	s.twice = before
}

// appendIdentity writes a cell so that two cells are written alike if and only if they are equal.
func appendIdentity(key []byte, kind bundle.Type, v *bundle.Value) []byte {
	if !v.Known {
		return append(key, 0)
	}
	key = append(key, 1)
	switch kind {
	case bundle.Integer, bundle.Date:
		return binary.LittleEndian.AppendUint64(key, uint64(v.Integer))
	case bundle.Number:
		return binary.LittleEndian.AppendUint64(key, math.Float64bits(v.Number+0)) // -0 is 0
	case bundle.Geometry:
		return append(binary.LittleEndian.AppendUint64(key, uint64(len(v.Bytes))), v.Bytes...)
	}
	return append(binary.LittleEndian.AppendUint64(key, uint64(len(v.Text))), v.Text...)
}
