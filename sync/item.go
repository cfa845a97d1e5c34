package sync

import (
	"encoding/json"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"vunglom/outbound"
)

// Item is a value of a body: anything, or a secret that is elsewhere.
type Item struct {
	plain  any
	secret *outbound.Secret
	fields map[string]Item
	list   []Item
}

// UnmarshalYAML reads a value. One that names an environment variable or a file, and nothing else, is where a secret is.
func (i *Item) UnmarshalYAML(node ast.Node) error {
	switch node.(type) {
	case ast.MapNode:
		secret := new(outbound.Secret)
		if secret.UnmarshalYAML(node) == nil {
			i.secret = secret
			return nil
		}
		return yaml.NodeToValue(node, &i.fields)
	case *ast.SequenceNode:
		return yaml.NodeToValue(node, &i.list)
	}
	return yaml.NodeToValue(node, &i.plain)
}

// MarshalJSON writes a value, or where the secret is.
func (i Item) MarshalJSON() ([]byte, error) {
	switch {
	case i.secret != nil:
		return json.Marshal(i.secret)
	case i.fields != nil:
		return json.Marshal(i.fields)
	case i.list != nil:
		return json.Marshal(i.list)
	}
	return json.Marshal(i.plain)
}

// read returns the value with its secrets, which the veil knows then.
func (i Item) read(v *outbound.Veil) (value any, err error) {
	switch {
	case i.secret != nil:
		return v.Read(*i.secret)
	case i.fields != nil:
		return itemsOf(v, i.fields)
	case i.list != nil:
		list := make([]any, len(i.list))
		for n, item := range i.list {
			if list[n], err = item.read(v); err != nil {
				return nil, err
			}
		}
		return list, nil
	}
	return i.plain, nil
}

// itemsOf returns the values of a body.
func itemsOf(v *outbound.Veil, items map[string]Item) (map[string]any, error) {
	values := map[string]any{}
	for name, item := range items {
		value, err := item.read(v)
		if err != nil {
			return nil, err
		}
		values[name] = value
	}
	return values, nil
}
