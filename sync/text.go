package sync

import (
	"encoding/json"
	"strings"

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

// textOf returns a text that proves who asks, or may. The veil knows it where it stands elsewhere; a plain one where it is long enough to be
// a secret in the wrong place: shorter ones are words that many a text holds.
func textOf(v *outbound.Veil, t Text) (text string, err error) {
	if t.secret != nil {
		text, err = v.Read(*t.secret)
	} else if text = t.plain; len(text) >= leastSecret {
		v.Know(text)
	}
	if scheme := strings.LastIndexByte(text, ' '); scheme > 0 && len(text)-scheme > leastSecret { // Bearer …, which may be repeated without that word
		v.Know(text[scheme+1:])
	}
	return text, err
}

const leastSecret = 8
