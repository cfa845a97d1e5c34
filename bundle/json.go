package bundle

import (
	"encoding/json"
	"errors"
	"fmt"
)

// The functions here walk JSON that is known to be valid, without copying it.

func skipSpace(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t' || b[0] == '\n' || b[0] == '\r') {
		b = b[1:]
	}
	return b
}

// cutValue cuts the value at the start of b off.
func cutValue(b []byte) (value, rest []byte) {
	depth := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			for i++; i < len(b) && b[i] != '"'; i++ {
				if b[i] == '\\' {
					i++
				}
			}
		case '[', '{':
			depth++
			continue
		case ']', '}':
			depth--
		default:
			if depth > 0 {
				continue
			}
			for i < len(b) && b[i] != ',' && b[i] != ']' && b[i] != '}' && b[i] > ' ' {
				i++
			}
			return b[:i], b[i:]
		}
		if depth == 0 {
			i = min(i+1, len(b))
			return b[:i], b[i:]
		}
	}
	return b, nil
}

// eachMember calls visit with every key and value of an object.
func eachMember(b []byte, visit func(key, value []byte) error) error {
	b = skipSpace(b)
	if len(b) == 0 || b[0] != '{' {
		return errors.New("is no object")
	}
	b = skipSpace(b[1:])
	for len(b) > 0 && b[0] != '}' {
		var key, value []byte
		key, b = cutValue(b)
		b = skipSpace(b)
		if len(b) == 0 {
			break
		}
		value, b = cutValue(skipSpace(b[1:]))
		text, err := unquote(key)
		if err != nil {
			return err
		}
		if err := visit(text, value); err != nil {
			return err
		}
		b = skipSpace(b)
		if len(b) > 0 && b[0] == ',' {
			b = skipSpace(b[1:])
		}
	}
	return nil
}

// unquote returns the text of a JSON string; one without escapes is not copied.
func unquote(b []byte) ([]byte, error) {
	if len(b) < 2 || b[0] != '"' {
		return nil, fmt.Errorf("has %s where a text belongs", shown(b))
	}
	for _, c := range b {
		if c == '\\' {
			var s string
			err := json.Unmarshal(b, &s)
			return []byte(s), err
		}
	}
	return b[1 : len(b)-1 : len(b)-1], nil
}

// eachItem calls visit with every item of an array, and returns what follows it.
func eachItem(b []byte, visit func(item []byte) ([]byte, error)) ([]byte, error) {
	b = skipSpace(b)
	if len(b) == 0 || b[0] != '[' {
		return nil, errCoordinates
	}
	b = skipSpace(b[1:])
	for len(b) > 0 && b[0] != ']' {
		var err error
		if b, err = visit(b); err != nil {
			return nil, err
		}
		b = skipSpace(b)
		if len(b) > 0 && b[0] == ',' {
			b = skipSpace(b[1:])
		}
	}
	if len(b) == 0 {
		return nil, errCoordinates
	}
	return b[1:], nil
}
