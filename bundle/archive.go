package bundle

import (
	"archive/zip"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Limits against zips made to fill a disk or a memory.
const (
	maxEntries   = 10_000    // files in one zip
	maxDirectory = 8 << 20   // bytes of the list of them
	maxUnpacked  = 8 << 30   // bytes of one file written to disk
	maxRatio     = 500       // how many times its packed size a large file may have; CSV packs to a tenth
	ratioFrom    = 100 << 20 // bytes unpacked from which on the ratio counts
)

// openArchive lists the files of a zip: those beside bundle.json, which stands at the top
// or in the zip's only folder.
func openArchive(path string) (*store, error) {
	base := filepath.Base(path)
	file, err := os.Open(path)
	if err != nil {
		return nil, fileError(base, "can't be read: %v", cause(err))
	}
	s, err := readArchive(base, file)
	if err != nil {
		file.Close()
	}
	return s, err
}

// readArchive is openArchive of a file that is open; it is the store's, unless there is an error.
func readArchive(base string, file *os.File) (*store, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, fileError(base, "can't be read: %v", cause(err))
	}
	directory := &bounded{ReaderAt: file, opening: true, left: maxDirectory}
	z, err := zip.NewReader(directory, info.Size())
	directory.opening = false
	if err != nil {
		return nil, fileError(base, "is neither a folder nor a zip that can be read (%v); give a folder with %s, or a .zip of one", err, MetaFile)
	}
	s := &store{zip: file}
	files, err := archiveFiles(base, z)
	if err != nil {
		return nil, err
	}
	top := topFolder(files)
	for _, f := range files {
		name, inside := strings.CutPrefix(f.Name, top)
		if !inside || strings.Contains(name, "/") {
			s.stray = append(s.stray, f.Name)
			continue
		}
		s.entries = append(s.entries, &entry{name: name, size: int64(f.CompressedSize64), open: f.Open})
	}
	slices.SortFunc(s.entries, func(a, b *entry) int { return cmp.Compare(a.name, b.name) })
	return s, nil
}

// bounded is a zip of which, while it is opened, no more is read than so many bytes: its list of files is read whole, and can be all
// there is to it.
type bounded struct {
	io.ReaderAt
	opening bool
	left    int64
}

func (b *bounded) ReadAt(p []byte, at int64) (int, error) {
	if !b.opening {
		return b.ReaderAt.ReadAt(p, at)
	}
	if b.left -= int64(len(p)); b.left < 0 {
		return 0, fmt.Errorf("its list of files is larger than %d MB", maxDirectory>>20)
	}
	return b.ReaderAt.ReadAt(p, at)
}

// archiveFiles returns the files of a zip after refusing what no honest zip holds.
func archiveFiles(base string, z *zip.Reader) ([]*zip.File, error) {
	if len(z.File) > maxEntries {
		return nil, fileError(base, "holds %d files, more than %d; zip only the bundle's folder", len(z.File), maxEntries)
	}
	seen := make(map[string]bool, len(z.File))
	var files []*zip.File
	for _, f := range z.File {
		switch {
		case !safeName(f.Name):
			return nil, fileError(base, "holds %q, which points outside the zip; zip the folder again", f.Name)
		case seen[strings.ToLower(f.Name)]:
			return nil, fileError(base, "holds %s twice; keep one of them", f.Name)
		case f.Flags&1 != 0:
			return nil, fileError(base, "holds %s encrypted; zip the folder without a password", f.Name)
		}
		if err := checkRatio(base, f); err != nil {
			return nil, err
		}
		seen[strings.ToLower(f.Name)] = true
		if !strings.HasSuffix(f.Name, "/") {
			files = append(files, f)
		}
	}
	return files, nil
}

// checkRatio refuses a file that was packed to fill a disk.
func checkRatio(base string, f *zip.File) error {
	if f.UncompressedSize64 > ratioFrom && f.UncompressedSize64/maxRatio > f.CompressedSize64 {
		return fileError(base, "holds %s, which would unpack to %d times its size; that is refused as a trap", f.Name, f.UncompressedSize64/max(f.CompressedSize64, 1))
	}
	return nil
}

// safeName says whether a zip's name stays inside the folder it is unpacked to.
func safeName(name string) bool {
	clean := strings.TrimSuffix(name, "/")
	return clean != "" && !strings.ContainsAny(name, "\\\x00") && !path.IsAbs(name) &&
		path.Clean(clean) == clean && clean != ".." && !strings.HasPrefix(clean, "../") &&
		!(len(clean) > 1 && clean[1] == ':')
}

// topFolder returns "" where bundle.json stands at the top, else "NAME/" of the only
// folder that holds it.
func topFolder(files []*zip.File) string {
	top := ""
	for _, f := range files {
		dir, name := path.Split(f.Name)
		if !strings.EqualFold(name, MetaFile) {
			continue
		}
		if dir == "" {
			return ""
		}
		if strings.Count(dir, "/") == 1 && top == "" && !strings.HasPrefix(dir, "__MACOSX/") {
			top = dir
		}
	}
	return top
}

// unpack writes an entry of a zip into a folder, under a name of our own.
func unpack(e *entry, folder string) (disk string, err error) {
	r, err := e.open()
	if err != nil {
		return "", fileError(e.name, "can't be unpacked: %v", cause(err))
	}
	defer r.Close()
	out, err := os.CreateTemp(folder, "*"+path.Ext(filepath.ToSlash(e.name)))
	if err != nil {
		return "", fileError(e.name, "can't be unpacked: %v", cause(err))
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	n, err := io.Copy(out, io.LimitReader(r, maxUnpacked+1))
	if err == nil && n > maxUnpacked {
		err = fmt.Errorf("it is larger than %d GB", maxUnpacked>>30)
	}
	if err != nil {
		return "", fileError(e.name, "can't be unpacked: %v", cause(err))
	}
	return out.Name(), nil
}
