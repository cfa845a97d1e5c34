package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"

	"vunglom/access"
	"vunglom/validator"
)

// packedTile is a tile as it is kept and sent.
type packedTile struct {
	digest string // of its bytes, before they were compressed
	size   int    // of those, in bytes
	gzip   []byte // empty where they are

	persons *int // see db.DrawnTile
}

// Bytes is what the tile takes in memory, about.
func (t *packedTile) Bytes() int { return len(t.gzip) }

// packer compresses tiles, one at a time. A new one takes a megabyte.
type packer struct {
	gzip *gzip.Writer
	out  bytes.Buffer
}

// packers compress at the second level: the fifth takes twice the time for a twentieth less.
var packers = sync.Pool{New: func() any {
	w, err := gzip.NewWriterLevel(nil, 2)
	if err != nil {
		panic("web: " + err.Error()) // only for a level that does not exist
	}
	return &packer{gzip: w}
}}

// pack compresses a tile once for all who take it.
func pack(drawn []byte) *packedTile {
	sum := sha256.Sum256(drawn)
	t := &packedTile{digest: hex.EncodeToString(sum[:12]), size: len(drawn)}
	if len(drawn) == 0 {
		return t
	}
	p := packers.Get().(*packer)
	defer packers.Put(p)
	p.out.Reset()
	p.gzip.Reset(&p.out)
	_, _ = p.gzip.Write(drawn) // a buffer takes all
	_ = p.gzip.Close()
	t.gzip = bytes.Clone(p.out.Bytes()) // no longer than it is: it may be kept
	return t
}

// serve sends the tile. Its tag is of its bytes, so it stays the same over imports that change nothing in it; it is
// strong, so the compressed form has one of its own.
//
// Any import may change any tile, so whoever keeps one asks before he shows it again: a 304 costs less than a millisecond.
func (t *packedTile) serve(w http.ResponseWriter, r *http.Request) {
	header, body, tag := w.Header(), []byte(nil), `"`+t.digest+`"`
	compressed := len(t.gzip) > 0 && takesGzip(r.Header)
	if compressed {
		body, tag = t.gzip, `"`+t.digest+`-gzip"`
	}
	validator.Set(header, access.From(r.Context()), tag)
	if validator.Holds(r, tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	header.Set("Content-Type", "application/vnd.mapbox-vector-tile")
	if compressed {
		header.Set("Content-Encoding", "gzip")
		header.Set("Content-Length", strconv.Itoa(len(body)))
	} else {
		header.Set("No-Gzip-Compression", "") // for the middleware, which takes it out
		header.Set("Content-Length", strconv.Itoa(t.size))
	}
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead || t.size == 0 {
		return
	}
	if compressed {
		_, _ = w.Write(body) // the client may be gone
		return
	}
	if plain, err := gzip.NewReader(bytes.NewReader(t.gzip)); err == nil { // it was compressed here
		_, _ = io.Copy(w, plain)
	}
}

// takesGzip tells whether the client takes gzip (RFC 9110, 12.5.3).
func takesGzip(header http.Header) bool {
	takes := false
	for _, list := range header.Values("Accept-Encoding") {
		for one := range strings.SplitSeq(list, ",") {
			coding, weight, _ := strings.Cut(one, ";")
			coding = strings.ToLower(strings.TrimSpace(coding))
			quality, isQuality := strings.CutPrefix(strings.ReplaceAll(strings.ToLower(weight), " ", ""), "q=")
			value, err := strconv.ParseFloat(quality, 64)
			refused := isQuality && err == nil && value == 0
			if coding == "gzip" || coding == "x-gzip" {
				return !refused
			}
			takes = takes || coding == "*" && !refused
		}
	}
	return takes
}
