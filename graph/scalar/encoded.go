package scalar

import (
	"encoding/json"
	"io"
)

var errNotAGeometry = &Error{`không phải hình học GeoJSON: hãy viết như {"type": "Point", "coordinates": [105.15, 9.18]} / not a GeoJSON geometry: write it like {"type": "Point", "coordinates": [105.15, 9.18]}`}

// Geometry is an RFC 7946 geometry object, encoded. Nil is null.
type Geometry []byte

// MarshalGQL writes the bytes as they are.
func (g Geometry) MarshalGQL(w io.Writer) { writeEncoded(w, g) }

// UnmarshalGQL reads a JSON object that has a type and coordinates (or geometries), and
// keeps it encoded.
func (g *Geometry) UnmarshalGQL(value any) error {
	object, ok := value.(map[string]any)
	if !ok {
		return errNotAGeometry
	}
	_, coordinates := object["coordinates"].([]any)
	_, geometries := object["geometries"].([]any)
	if kind, _ := object["type"].(string); kind == "" || coordinates == geometries {
		return errNotAGeometry
	}
	encoded, err := json.Marshal(object)
	if err != nil {
		return errNotAGeometry
	}
	*g = encoded
	return nil
}

// FeatureCollection is an RFC 7946 FeatureCollection, encoded. Nil is null.
type FeatureCollection []byte

func writeEncoded(w io.Writer, encoded []byte) {
	if len(encoded) == 0 {
		io.WriteString(w, "null") // into memory: it cannot fail
		return
	}
	w.Write(encoded)
}
