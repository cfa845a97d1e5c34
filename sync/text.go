package sync

import (
	"encoding/json"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"vunglom/outbound"
)

// Text is a text of the settings, or a secret that is elsewhere.
type Text struct {
	plain  string
	secret *outbound.Secret
}

// UnmarshalYAML reads a text, or where a secret is.
func (t *Text) UnmarshalYAML(node ast.Node) error {
	if _, is := node.(ast.ScalarNode); is {
		return yaml.NodeToValue(node, &t.plain)
	}
	t.secret = new(outbound.Secret)
	return t.secret.UnmarshalYAML(node)
}

// MarshalJSON writes a text, or where the secret is.
func (t Text) MarshalJSON() ([]byte, error) {
	if t.secret != nil {
		return json.Marshal(t.secret)
	}
	return json.Marshal(t.plain)
}

func (t Text) empty() bool { return t.secret == nil && t.plain == "" }

// textOf returns a text, which is known where it is secret.
func textOf(v *outbound.Veil, t Text) (string, error) {
	if t.secret == nil {
		return t.plain, nil
	}
	return v.Read(*t.secret)
}
