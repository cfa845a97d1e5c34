package sync

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// What an answer may look like. The families differ in what stands around the records, not in how that is found: a path leads to
// them, and everything else that is text, a number or a truth is remembered by its own path, for what it says of success,
// pages and faults.
const (
	mostRemembered = 200      // values outside the records
	mostKept       = 64 << 10 // bytes of each, and of its path; a longer one is not kept at all, because half a secret is not hidden
	mostShown      = 300      // bytes of a value of a record that is shown
	mostDeep       = 64       // objects or elements in one another
)

// errMalformed is the error of an answer that is not whole: cut off, or no JSON and no XML.
var errMalformed = errors.New("câu trả lời không trọn hoặc không đúng dạng · the answer is not whole, or not well-formed")

// errOverLimit is the error of an answer that is longer or deeper than one may be: it will be so again.
var errOverLimit = errors.New("quá giới hạn · over a limit")

// answerKind is what an answer is written in.
type answerKind string

const (
	kindJSON answerKind = "JSON"
	kindXML  answerKind = "XML"
)

// envelope is what was found around the records of one answer.
type envelope struct {
	kind    answerKind
	records int64
	found   bool              // the path of the records led somewhere, if only to nothing
	said    map[string]string // values outside the records, by path
	beside  []string          // names of what stands where the records should
	path    []string
	take    func(record any) error // nil: they are only counted
	wanted  []string               // paths whose values are remembered whole, however many others there are
}

// readEnvelope reads an answer to its end and hands on each record that stands at a path: a map of its fields, or what stands there
// instead. Of an answer that is one object where several would be a list, that is the one record. The answer is streamed; a
// record may have so many bytes. Errors wrap errMalformed where the answer is not whole, errOverLimit where it is too
// long or too deep. Values at wanted paths are remembered whole.
func readEnvelope(in io.Reader, path string, recordBytes int64, take func(record any) error, wanted ...string) (*envelope, error) {
	e := &envelope{said: map[string]string{}, take: take, wanted: wanted}
	if path != "" {
		e.path = strings.Split(path, ".")
	}
	// Text is UTF-8, or says by its mark that it is UTF-16; anything else would be stored as question marks.
	limited := &stretch{in: transform.NewReader(in, unicode.BOMOverride(encoding.UTF8Validator)), most: recordBytes + 64<<10}
	buffered := bufio.NewReader(limited)
	first, err := firstByte(buffered)
	switch {
	case err != nil:
	case first == '<':
		e.kind = kindXML
		err = e.readXML(buffered, limited)
	default:
		e.kind = kindJSON
		err = e.readJSON(buffered, limited)
	}
	var taken *takeError
	switch {
	case err == nil:
		return e, nil
	case errors.As(err, &taken):
		return e, taken.err
	case errors.Is(err, errOverLimit):
		return e, err
	case errors.Is(err, encoding.ErrInvalidUTF8):
		return e, fmt.Errorf("%w: không phải UTF-8; hãy yêu cầu nguồn gửi UTF-8 · not UTF-8; have the source send UTF-8", errMalformed)
	}
	return e, fmt.Errorf("%w: %w", errMalformed, err)
}

// firstByte returns the first byte that is no white space.
func firstByte(in *bufio.Reader) (byte, error) {
	for {
		b, err := in.ReadByte()
		if err == io.EOF {
			return 0, errors.New("trống · it is empty")
		}
		if err != nil {
			return 0, err
		}
		if !strings.ContainsRune(" \t\r\n", rune(b)) {
			return b, in.UnreadByte()
		}
	}
}

// takeError is an error of whoever takes the records, not of the answer.
type takeError struct{ err error }

func (t *takeError) Error() string { return t.err.Error() }

// record hands on one record.
func (e *envelope) record(value any) error {
	e.records++
	if e.take == nil {
		return nil
	}
	if err := e.take(value); err != nil {
		return &takeError{err}
	}
	return nil
}

// remember keeps a value that stands outside the records.
func (e *envelope) remember(path []string, text string) {
	at := strings.Join(path, ".")
	if slices.Contains(e.wanted, at) {
		e.said[at] = text
	} else if len(e.said) < mostRemembered && len(at) <= mostKept {
		if len(text) > mostKept {
			text = "…"
		}
		e.said[at] = text
	}
}

// reaches tells whether a path is that of the records, or one on the way there.
func (e *envelope) reaches(path []string) (here, onTheWay bool) {
	if len(path) > len(e.path) || !slices.Equal(path, e.path[:len(path)]) {
		return false, false
	}
	return len(path) == len(e.path), len(path) < len(e.path)
}

// holder notes what stands in the place that should hold the records. Nothing at all is no records.
func (e *envelope) holder(path, names []string) {
	if _, on := e.reaches(path); on && !e.found {
		if len(names) == 0 {
			e.found = true
		}
		if e.beside == nil { // what stands deepest is told of first
			e.beside = names
		}
	}
}

// fault returns what an answer says of itself that is no answer but a fault of a gateway or of a data service: {"fault": {"code":
// 900902, …}}, <fault>, a SOAP Fault, or {"code": "900902", "message": …}, which may stand where the records should: then it has
// nothing else. A fault that is empty is none.
func (e *envelope) fault() (code, message string, is bool) {
	gateway := len(e.said["code"]) == 6 && strings.HasPrefix(e.said["code"], "90") && e.said["message"] != ""
	instead := len(e.path) == 0 && e.records <= 1 && !slices.ContainsFunc(sortedKeys(e.said), func(name string) bool {
		return !slices.Contains([]string{"code", "description", "message", "type"}, name)
	})
	for _, path := range sortedKeys(e.said) {
		text := e.said[path]
		if text == "" {
			continue
		}
		steps := strings.Split(path, ".")
		last := strings.ToLower(steps[len(steps)-1])
		in := slices.ContainsFunc(steps, func(step string) bool {
			return strings.EqualFold(step, "fault") || strings.EqualFold(step, "DataServiceFault")
		})
		bare := gateway && len(steps) == 1 && (!e.found || instead)
		if !in && !bare {
			continue
		}
		is = true
		switch last {
		case "code", "faultcode", "ds_code":
			if code == "" { // the first says it; others may be of what lies behind it
				code = text
			}
		case "message", "faultstring", "description", "ds_message", "text":
			if len(text) > len(message) { // the longest says the most
				message = text
			}
		}
	}
	return code, message, is
}

// where says what stands in place of the records.
func (e *envelope) where() string {
	names := e.beside
	if len(names) > 10 {
		names = append(slices.Clone(names[:10]), "…")
	}
	return strings.Join(names, ", ")
}

// stretch reads on while what is read has moved its mark: a record without an end is not waited for.
type stretch struct {
	in         io.Reader
	read, mark int64
	most       int64
}

func (s *stretch) Read(p []byte) (int, error) {
	if s.read-s.mark > s.most {
		return 0, fmt.Errorf("%[1]w: một bản ghi dài hơn %[2]d byte; xem limits.recordBytes · a record is longer than %[2]d bytes; see limits.recordBytes", errOverLimit, s.most-64<<10)
	}
	n, err := s.in.Read(p[:min(len(p), 32<<10)])
	s.read += int64(n)
	return n, err
}

func (s *stretch) reached() { s.mark = s.read }
