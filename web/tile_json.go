package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"

	"vunglom/access"
	"vunglom/argument"
	"vunglom/db"
	"vunglom/gis"
	"vunglom/validator"
)

// tileJSON is TileJSON 3.0.
type tileJSON struct {
	Version     string        `json:"tilejson"`
	Name        string        `json:"name"`
	Description string        `json:"description"`
	Attribution string        `json:"attribution,omitempty"`
	Tiles       []string      `json:"tiles"`
	Scheme      string        `json:"scheme"`
	MinZoom     int           `json:"minzoom"`
	MaxZoom     int           `json:"maxzoom"`
	Bounds      *[4]float64   `json:"bounds,omitempty"` // west, south, east, north
	Vectors     []vectorLayer `json:"vector_layers"`
}

// serveJSON describes a kind of tile, and where its tiles are under the arguments given.
func (h *tiles) serveJSON(w http.ResponseWriter, r *http.Request) {
	answer, err := h.describe(r)
	switch {
	case err == nil:
	case gone(r.Context(), err):
		panic(http.ErrAbortHandler)
	default:
		refuse(w, r, h.log, err)
		return
	}
	var body bytes.Buffer
	e := json.NewEncoder(&body)
	e.SetEscapeHTML(false)
	if err := e.Encode(answer); err != nil {
		refuse(w, r, h.log, err)
		return
	}
	header, sum := w.Header(), sha256.Sum256(body.Bytes())
	tag := `W/"` + hex.EncodeToString(sum[:12]) + `"` // weak: it may be compressed or not
	validator.Set(header, access.From(r.Context()), tag)
	if validator.Holds(r, tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	header.Set("Content-Type", "application/json; charset=utf-8")
	_, _ = w.Write(body.Bytes()) // the client may be gone
}

func (h *tiles) describe(r *http.Request) (*tileJSON, error) {
	name, isJSON := strings.CutSuffix(r.PathValue("file"), ".json")
	layer, err := tileLayerOf(name)
	if err == nil && !isJSON {
		err = argument.NotFound("không có %[1]s; hãy viết /tiles/%[2]s.json hoặc /tiles/%[2]s/9/405/242.mvt", "there is no %[1]s; write /tiles/%[2]s.json or /tiles/%[2]s/9/405/242.mvt", r.URL.Path, name)
	}
	if err != nil {
		return nil, err
	}
	values, err := argument.Parse(r.URL.RawQuery)
	if err != nil {
		return nil, err
	}
	q, err := layer.read(argument.New(values, db.Today(h.now())))
	if err != nil {
		return nil, err
	}
	if err := layer.check(r.Context(), h.db, &q); err != nil {
		return nil, err
	}
	box, err := h.db.TileExtent(r.Context(), q)
	if err != nil {
		return nil, err
	}
	datasets, err := h.db.Datasets(r.Context())
	if err != nil {
		return nil, err
	}
	address := origin(r) + "/tiles/" + string(layer.id) + "/{z}/{x}/{y}.mvt"
	if len(values) > 0 {
		address += "?" + values.Encode()
	}
	answer := &tileJSON{Version: "3.0.0", Name: "Vùng Lõm: " + layer.vi, Description: layer.vi + " / " + layer.en, Attribution: attribution(datasets),
		Tiles: []string{address}, Scheme: "xyz", MaxZoom: gis.MaxTileZoom}
	if box != nil {
		answer.Bounds = &[4]float64{box.West, box.South, box.East, box.North}
	}
	for _, v := range layer.vectors {
		v.MaxZoom = gis.MaxTileZoom
		answer.Vectors = append(answer.Vectors, v)
	}
	return answer, nil
}

// origin is where the client finds the server: maps load tiles in workers, to which a relative address means nothing. A
// proxy in front says that it speaks TLS.
func origin(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https") {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

// attribution names the sources, as plain text: viewers show it as HTML.
func attribution(datasets []db.Dataset) string {
	var sources []string
	for _, d := range datasets {
		sources = append(sources, d.Source)
	}
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(strings.Join(sources, "; "))
}
