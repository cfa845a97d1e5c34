package bundle

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Bundle is one province's files, open for reading. It is for one goroutine at a time.
type Bundle struct {
	Meta    Meta
	store   *store
	parts   map[*Table][]*part
	unknown []Problem
	refused map[*Table]func(func(Problem)) (int64, error) // see Refuse
	book    *excelize.File                                // the workbook, once a sheet of it was read
}

// Open opens a folder, or a zip of one, and reads its bundle.json. Nothing else is read
// yet but the list of files and of sheets. Its errors are *FileError.
func Open(path string) (*Bundle, error) {
	s, err := openStore(path)
	if err != nil {
		return nil, err
	}
	return openStored(filepath.Base(path), s)
}

// OpenZip is Open of the zip in an open file, which the bundle closes, or the one who gave it where there is an error (closing it twice does no harm). Errors call it by the name.
func OpenZip(name string, file *os.File) (*Bundle, error) {
	s, err := readArchive(name, file)
	if err != nil {
		return nil, err
	}
	return openStored(name, s)
}

func openStored(name string, s *store) (*Bundle, error) {
	b := &Bundle{store: s, parts: make(map[*Table][]*part)}
	if err := b.list(name); err != nil {
		b.Close()
		return nil, err
	}
	return b, nil
}

// list reads bundle.json and sorts the files by table.
func (b *Bundle) list(base string) error {
	meta := b.store.find(MetaFile)
	if meta == nil {
		return fileError(base, `holds no %s; add one such as {"province": "96", "as_of": "2024-09-30", "source": "…"}`, MetaFile)
	}
	r, err := meta.open()
	if err != nil {
		return fileError(meta.name, "can't be read: %v", cause(err))
	}
	defer r.Close()
	if b.Meta, b.unknown, err = readMeta(meta.name, r); err != nil {
		return err
	}
	type ranked struct {
		*part
		rank int
	}
	found := make(map[*Table][]ranked)
	for _, e := range b.store.entries {
		if e == meta {
			continue
		}
		if strings.EqualFold(e.name, workbook) {
			if err := b.listSheets(e); err != nil {
				return err
			}
			continue
		}
		t, p, rank := partOf(e)
		if t == nil {
			b.reportUnknown(e.name)
			continue
		}
		found[t] = append(found[t], ranked{p, rank})
	}
	for t, list := range found {
		slices.SortStableFunc(list, func(x, y ranked) int { return x.rank - y.rank })
		files := make([]*part, 0, len(list)+1)
		for _, p := range list {
			files = append(files, p.part)
		}
		b.parts[t] = append(files, b.parts[t]...) // sheets come last
	}
	for _, name := range b.store.stray {
		b.reportUnknown(name)
	}
	return nil
}

func (b *Bundle) reportUnknown(name string) {
	message := fmt.Sprintf("%s is no table of a bundle and is not read; a table is named like visits.csv, visits.csv.gz or a sheet of %s", name, workbook)
	base, _, _ := strings.Cut(strings.ToLower(filepath.Base(name)), ".")
	if t := TableNamed(base); t != nil && t.hasPlace() {
		message = fmt.Sprintf("%s is not read; %s may come as %[2]s.csv, .csv.gz, .geojson, .geojsonl, .geojsonl.gz, .gpkg or .zip (a Shapefile)", name, t.Name)
	} else if t != nil {
		message = fmt.Sprintf("%s is not read; %s may come as %[2]s.csv, %[2]s.csv.gz or the sheet %[2]s of %s", name, t.Name, workbook)
	}
	b.unknown = append(b.unknown, Problem{File: name, Value: name, Code: "unknown_file", Message: message, Kept: true})
}

// Close releases the bundle's files and removes what was unpacked.
func (b *Bundle) Close() error {
	if b.book != nil {
		b.book.Close() // it only removes temporary files
		b.book = nil
	}
	return b.store.close()
}

// Has says whether the bundle holds any file of the table.
func (b *Bundle) Has(t *Table) bool { return len(b.parts[t]) > 0 }

// Files names what holds the table's rows, in the order in which it is read.
func (b *Bundle) Files(t *Table) []string {
	names := make([]string, 0, len(b.parts[t]))
	for _, p := range b.parts[t] {
		names = append(names, p.name)
	}
	return names
}

// Unknown lists what is not read: files that belong to no table (code unknown_file) and
// keys of bundle.json without a meaning (unknown_key). All of them are Kept.
func (b *Bundle) Unknown() []Problem { return b.unknown }

// Size returns the bytes of the table's files as they are stored, for progress. A sheet
// counts an equal share of its workbook.
func (b *Bundle) Size(t *Table) int64 {
	var size int64
	for _, p := range b.parts[t] {
		if p.format == formatSheet {
			size += p.entry.size / int64(max(b.sheets(), 1))
			continue
		}
		size += p.entry.size
	}
	return size
}

func (b *Bundle) sheets() int {
	n := 0
	for _, parts := range b.parts {
		for _, p := range parts {
			if p.format == formatSheet {
				n++
			}
		}
	}
	return n
}
