package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"vunglom/db"
	"vunglom/export"
	"vunglom/table"
)

//go:embed all:app/dist
var embedded embed.FS

//go:embed app/src/api/trusted.json
var appDocuments []byte

// AppDocuments returns the documents that the dashboard sends, by id: for a server that answers no others.
func AppDocuments() []byte { return appDocuments }

// appDist is the dashboard, as `make build` left it in app/dist: see app/README.md. Where it has
// not been built, all that is there is the page that says so.
func appDist() fs.FS {
	dist, err := fs.Sub(embedded, "app/dist")
	if err != nil {
		panic("web: " + err.Error()) // only for a path that is none
	}
	return dist
}

// appFile is one file of the dashboard, whole and as the build compressed it.
type appFile struct {
	kind                string
	tag                 string
	plain, gzip, brotli []byte
}

// notServed are the endings of files of a build that have no address: what is compressed, and the digest of what the build was made of.
var notServed = []string{".gz", ".br", ".sha256"}

// app serves the dashboard: its page at / and what that refers to under /assets/.
type app struct {
	files  map[string]appFile
	policy string
}

// newApp takes the files of a build, the address of the basemap's style, which may be empty, and the origins where people sign in.
func newApp(dist fs.FS, basemapStyle string, signIns []string) *app {
	// Debian's list of media types need not be there, and does not know .mjs.
	kinds := map[string]string{".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
	a := &app{files: map[string]appFile{}, policy: appPolicy(basemapStyle, signIns)}
	err := fs.WalkDir(dist, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || slices.Contains(notServed, path.Ext(name)) {
			return err
		}
		plain, err := fs.ReadFile(dist, name)
		if err != nil {
			return err
		}
		file := appFile{plain: plain, kind: kinds[path.Ext(name)]}
		if file.kind == "" {
			file.kind = mime.TypeByExtension(path.Ext(name))
		}
		sum := sha256.Sum256(plain)
		file.tag = hex.EncodeToString(sum[:8])
		file.gzip, _ = fs.ReadFile(dist, name+".gz") // what is small or compressed by itself has none
		file.brotli, _ = fs.ReadFile(dist, name+".br")
		a.files["/"+name] = file
		return nil
	})
	if err != nil {
		panic("web: " + err.Error()) // embedded: the files were there when the program was built
	}
	return a
}

// appPolicy is what the dashboard may do: use its own server, the one of the basemap if there is one, and ask those where people
// sign in for tokens.
func appPolicy(basemapStyle string, signIns []string) string {
	elsewhere := ""
	if style, err := url.Parse(basemapStyle); err == nil && style.Host != "" {
		elsewhere = " " + style.Scheme + "://" + style.Host
	}
	return "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data: blob:" + elsewhere +
		"; connect-src 'self'" + elsewhere + strings.Join(append([]string{""}, signIns...), " ") + "; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
}

func (a *app) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, cache := r.URL.Path, "public, max-age=31536000, immutable" // a name under /assets/ holds the hash of what it names
	if name == "/" {
		name, cache = "/index.html", "no-cache"
		if _, built := a.files[name]; !built {
			name = "/unbuilt.html"
		}
	}
	file, known := a.files[name]
	if !known {
		serveNothing(w, r)
		return
	}
	header := w.Header()
	content, coding := file.plain, ""
	for _, packed := range []struct {
		name  string
		bytes []byte
	}{{"br", file.brotli}, {"gzip", file.gzip}} {
		if packed.bytes != nil && accepts(r, packed.name) {
			content, coding = packed.bytes, packed.name
			header.Set("Content-Encoding", coding)
			break
		}
	}
	header.Add("Vary", "Accept-Encoding")
	header.Set(gzhttp.HeaderNoCompression, "1") // it is compressed already, or there is nothing to gain
	header.Set("Content-Security-Policy", a.policy)
	header.Set("Content-Type", file.kind)
	header.Set("Cache-Control", cache)
	header.Set("ETag", `"`+file.tag+coding+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

// accepts tells whether a client takes a coding. One that it gives a weight of 0 it does not.
func accepts(r *http.Request, coding string) bool {
	for one := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		name, weight, _ := strings.Cut(strings.ReplaceAll(one, " ", ""), ";")
		if strings.EqualFold(name, coding) {
			return weight == "" || strings.Trim(strings.TrimPrefix(weight, "q="), "0.") != ""
		}
	}
	return false
}

// appSettings answers /app.json: what the dashboard has to know of the server: how it was started, and the files under /export/,
// with the right that each needs and the kinds of defects whose cases are no rows of persons.
func appSettings(o Options) http.Handler {
	needs := map[string]string{} // rights as the schema of the API names them
	for name, right := range exportRights {
		needs[name] = strings.ToUpper(string(right))
	}
	answer, err := json.Marshal(struct {
		Version      string            `json:"version"`
		BasemapStyle string            `json:"basemapStyle,omitempty"`
		GraphiQL     bool              `json:"graphiql"`
		Files        []string          `json:"files"`
		Formats      []table.Format    `json:"formats"`
		Needs        map[string]string `json:"needs"`
		Kinds        []string          `json:"kindsWithoutPersons"`
		SignIns      any               `json:"signIns,omitempty"`
	}{o.Version, o.Basemap, !o.NoGraphiQL, export.Names(), table.Formats, needs, slices.DeleteFunc(db.QualityKinds(), db.QualityOfPersons), o.SignIns})
	if err != nil {
		panic("web: " + err.Error()) // all text
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write(answer) // the client may be gone
	})
}
