package bundle

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// entry is one file of a bundle, wherever that is kept.
type entry struct {
	name string // inside the bundle
	size int64  // bytes as stored
	open func() (io.ReadCloser, error)
	disk string // its path where it is a file of its own; empty inside a zip
}

// store holds a bundle's files.
type store struct {
	entries []*entry // by name
	stray   []string // what is no readable file of the bundle's own folder
	zip     *os.File // that of a zip; nil: a folder
	temp    string   // folder of what had to be unpacked; made when first needed
}

// openStore lists the files of a folder or of a zip of one.
func openStore(path string) (*store, error) {
	name := filepath.Base(path)
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fileError(name, "does not exist; give a folder with %s, or a .zip of one", MetaFile)
	case err != nil:
		return nil, fileError(name, "can't be read: %v", cause(err))
	case info.IsDir():
		return openFolder(path)
	default:
		return openArchive(path)
	}
}

func openFolder(path string) (*store, error) {
	list, err := os.ReadDir(path)
	if err != nil {
		return nil, fileError(filepath.Base(path), "can't be listed: %v", cause(err))
	}
	s := &store{}
	for _, d := range list {
		disk := filepath.Join(path, d.Name())
		info, err := os.Stat(disk) // follows links
		if err != nil || !info.Mode().IsRegular() {
			stray := d.Name()
			if d.IsDir() {
				stray += "/"
			}
			s.stray = append(s.stray, stray)
			continue
		}
		s.entries = append(s.entries, &entry{name: d.Name(), size: info.Size(), disk: disk,
			open: func() (io.ReadCloser, error) { return os.Open(disk) }})
	}
	return s, nil
}

// find returns the entry of that name, or nil.
func (s *store) find(name string) *entry {
	i := slices.IndexFunc(s.entries, func(e *entry) bool { return strings.EqualFold(e.name, name) })
	if i < 0 {
		return nil
	}
	return s.entries[i]
}

// path returns a path at which the entry can be read at random. An entry of a zip is
// unpacked first; it is gone when the store is closed.
func (s *store) path(e *entry) (string, error) {
	if e.disk != "" {
		return e.disk, nil
	}
	if s.temp == "" {
		temp, err := os.MkdirTemp("", "vunglom-bundle-")
		if err != nil {
			return "", fileError(e.name, "can't be unpacked, no temporary folder: %v", err)
		}
		s.temp = temp
	}
	disk, err := unpack(e, s.temp)
	if err != nil {
		return "", err
	}
	e.disk = disk
	return disk, nil
}

// close releases the zip and removes what was unpacked.
func (s *store) close() error {
	var errs []error
	if s.zip != nil {
		errs = append(errs, s.zip.Close())
		s.zip = nil
	}
	if s.temp != "" {
		errs = append(errs, os.RemoveAll(s.temp))
		s.temp = ""
	}
	return errors.Join(errs...)
}

// cause strips the path from a file system's error: messages name files as the bundle does.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
