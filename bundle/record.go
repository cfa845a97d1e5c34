package bundle

// record is one record of a file, before its cells are understood. It is good until the
// next one is read.
type record struct {
	line     int64
	cells    [][]byte // one for each of the reader's names; nil: this record has none
	place    place    // geo formats only
	fault    *fault   // why the record as a whole can't be read
	original []byte   // the record's bytes as they stood in the file; nil: it has none
	header   []byte   // the header's bytes before them, for a copy
}

// reader reads one part of a table record by record.
type reader interface {
	// names returns the columns found so far. Formats whose records name their own
	// columns find more of them on the way.
	names() []string
	// geometry says whether positions come as geometry rather than in columns.
	geometry() bool
	// read reads the next record, or returns io.EOF. Any other error fails the bundle.
	read(*record) error
	close() error
}

func (r *record) reset(line int64) {
	r.line, r.cells, r.fault, r.original = line, r.cells[:0], nil, nil
	r.place.reset()
}
