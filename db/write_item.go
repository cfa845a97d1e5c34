package db

import (
	"fmt"
	"strconv"
	"strings"

	"vunglom/bundle"
)

// rowOf makes of an item what a file would have in the table's columns.
func rowOf(t *bundle.Table, item map[string]any) [][]byte {
	row := make([][]byte, len(t.Columns))
	for i := range t.Columns {
		if value, given := item[fieldOf(t.Columns[i].Name)]; given {
			row[i] = cellOf(&t.Columns[i], value)
		}
	}
	return row
}

// cellOf writes a value as a file does. Of what is no value of the field's type the reader says so.
func cellOf(c *bundle.Column, value any) []byte {
	switch v := value.(type) {
	case nil:
		return []byte{}
	case string:
		switch c.Name {
		case "level", "qualifier": // of an enum
			return []byte(strings.ToLower(v))
		}
		return []byte(v)
	case float64:
		return strconv.AppendFloat(nil, v, 'g', -1, 64)
	case []any: // topics
		texts := make([]string, len(v))
		for i, one := range v {
			texts[i] = fmt.Sprint(one)
		}
		return []byte(strings.Join(texts, ";"))
	}
	return fmt.Append(nil, value)
}

// fieldOf is the name that a column has in the API: visited_on is visitedOn.
func fieldOf(column string) string {
	words := strings.Split(column, "_")
	for i, w := range words[1:] {
		words[i+1] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, "")
}
