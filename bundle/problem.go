package bundle

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxShown is how much of a cell a problem shows, in bytes. Codes and names fit; polygons don't.
const maxShown = 200

// FileError says why a bundle as a whole can't be taken: a file that can't be read, a
// column that is missing, a reference system that contradicts bundle.json.
type FileError struct {
	File    string // the file's name inside the bundle
	Line    int64  // 1-based; 0: the file as a whole
	Column  string // the column concerned, if one is
	Value   string // what stands there, if it is short enough to show
	Message string // one sentence that says what to do
	Err     error  // the cause, if another error is
}

// Error returns file, line and the sentence.
func (e *FileError) Error() string {
	var s strings.Builder
	s.WriteString(e.File)
	if e.Line > 0 {
		s.WriteByte(':')
		s.WriteString(strconv.FormatInt(e.Line, 10))
	}
	s.WriteString(": ")
	s.WriteString(e.Message)
	return s.String()
}

// Unwrap returns the cause.
func (e *FileError) Unwrap() error { return e.Err }

// fileError makes a FileError about a whole file. A last argument that is an error is
// kept as its cause.
func fileError(file, format string, args ...any) *FileError {
	e := &FileError{File: file, Message: fmt.Sprintf(format, args...)}
	if len(args) > 0 {
		e.Err, _ = args[len(args)-1].(error)
	}
	return e
}

// shown returns a cell for people to read: cut where it is long, bytes that are not
// UTF-8 written as \xNN.
func shown(cell []byte) string {
	s := cell
	if len(s) > maxShown {
		s = s[:maxShown]
		for i := 0; i < utf8.UTFMax && len(s) > 0; i++ { // don't cut a character in two
			if r, n := utf8.DecodeLastRune(s); r != utf8.RuneError || n > 1 {
				break
			}
			s = s[:len(s)-1]
		}
	}
	out := string(s)
	if !utf8.Valid(s) {
		out = escapeBytes(s)
	}
	if len(s) < len(cell) {
		out += "…"
	}
	return out
}

func escapeBytes(s []byte) string {
	var out strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRune(s)
		if r == utf8.RuneError && n == 1 {
			fmt.Fprintf(&out, `\x%02x`, s[0])
		} else {
			out.Write(s[:n])
		}
		s = s[n:]
	}
	return out.String()
}

// fault is what is wrong with a cell or a record, before it is known where that stands.
type fault struct {
	column, value, code, message string
}
