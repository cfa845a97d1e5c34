package lgsp

import (
	_ "embed"
	"net/http"

	"github.com/goccy/go-yaml"
)

//go:embed openapi.yaml
var source []byte

// documentName is where the document lies, under Root.
const documentName = "openapi.json"

// Document is the OpenAPI description of everything under Root, as JSON.
var Document = func() []byte {
	text, err := yaml.YAMLToJSON(source)
	if err != nil {
		panic("lgsp: openapi.yaml: " + err.Error())
	}
	return text
}()

// serveDocument answers what can be asked for.
func (h *handler) serveDocument(w http.ResponseWriter, r *http.Request) {
	if takes(w, r, mediaJSON) {
		h.sendKept(w, r, mediaJSON, Document)
	}
}
