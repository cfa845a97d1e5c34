package sync

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"vunglom/bundle"
	"vunglom/outbound"
)

// mapping makes rows of a table of a source's records. What the mapping itself can't read is refused here, with a reason; all
// else is left to the import, which sees the words of the source.
type mapping struct {
	source  *Source
	table   *bundle.Table
	zone    *time.Location
	columns []mapped // in the table's order
}

// mapped is a column of the mapping.
type mapped struct {
	*Column
	name  string
	path  []string
	kind  bundle.Type
	codes map[string]string // by words as the import would store them
	seen  bool              // some record had the field
}

func newMapping(s *Source, zone *time.Location) *mapping {
	m := &mapping{source: s, table: bundle.TableNamed(s.Table), zone: zone}
	for _, c := range m.table.Columns {
		column := s.Columns[c.Name]
		if column == nil {
			continue
		}
		to := mapped{Column: column, name: c.Name, kind: c.Type, path: strings.Split(column.Field, ".")}
		if column.Codes != nil {
			to.codes = map[string]string{}
			for from, code := range column.Codes {
				to.codes[bundle.Tidy(from)] = code
			}
		}
		m.columns = append(m.columns, to)
	}
	return m
}

// row returns the cells of a record, or why it has none. Which fields there are is seen of every record, also of one that is refused.
func (m *mapping) row(record any) ([]string, *bundle.Problem) {
	if _, is := record.(map[string]any); !is {
		return nil, &bundle.Problem{Value: shown(record), Code: "bad_record", Message: "bản ghi không có trường nào · the record has no fields"}
	}
	values := make([]any, len(m.columns))
	for i := range m.columns {
		if c := &m.columns[i]; c.Constant == nil {
			var there bool
			values[i], there = field(record, c.path)
			c.seen = c.seen || there
		}
	}
	if scope := m.source.Scope; scope != nil && scope.Field != "" {
		value, _ := field(record, strings.Split(scope.Field, "."))
		if code := strings.TrimSpace(scalar(value)); !slices.Contains(scope.Codes, code) {
			return nil, &bundle.Problem{Column: scope.Field, Value: shown(value), Code: "out_of_scope",
				Message: fmt.Sprintf("%[1]s là %[2]q, ngoài phạm vi của nguồn · %[1]s is %[2]q, which the source may not speak for", scope.Field, shown(value))}
		}
	}
	cells := make([]string, len(m.columns))
	for i := range m.columns {
		c := &m.columns[i]
		if c.Constant != nil {
			cells[i] = *c.Constant
			continue
		}
		value := values[i]
		cell, code, remedy := c.cell(value, m.zone)
		if code != "" {
			return nil, &bundle.Problem{Column: c.name, Value: shown(value), Code: code, Message: fmt.Sprintf("%s (%s): %q: %s", c.name, c.Field, shown(value), remedy)}
		}
		cells[i] = cell
	}
	return cells, nil
}

// cell returns a value as a cell of a bundle, or a code and a remedy where it is not what the mapping says.
func (c *mapped) cell(value any, zone *time.Location) (cell, code, remedy string) {
	var text string
	switch inner := value.(type) {
	case nil:
	case map[string]any, []any:
		if c.kind != bundle.Geometry {
			return "", "bad_value", "là một nhóm trường, không phải một giá trị; hãy sửa field · is a group of fields, not one value; mend field"
		}
		geometry, err := json.Marshal(inner)
		if err != nil {
			return "", "bad_value", err.Error()
		}
		return string(geometry), "", ""
	default:
		text = strings.TrimSpace(scalar(value))
	}
	if c.codes != nil {
		known, is := c.codes[bundle.Tidy(text)]
		if !is && text != "" {
			return "", "unmapped", "không có trong codes; hãy thêm vào · is not in codes; add it"
		}
		return known, "", ""
	}
	if text == "" {
		return "", "", ""
	}
	if len(c.Date) > 0 {
		day, is := readDay(text, c.Date, zone)
		if !is {
			return "", "bad_date", fmt.Sprintf("không phải ngày viết như %[1]s · is no day written as %[1]s", strings.Join(c.Date, ", "))
		}
		return day, "", ""
	}
	if c.Number != "" {
		number, is := readLocalNumber(value)
		if !is {
			return "", "bad_number", "không phải số viết như 1.729 hay 75,4%; nếu nguồn viết 0.754, hãy bỏ number · is no number written as 1.729 or 75,4%; if the source writes 0.754, take number out"
		}
		return number, "", ""
	}
	return text, "", ""
}

// field returns what stands at a path in a record. A name may hold dots itself: the whole of it comes first.
func field(record any, path []string) (value any, there bool) {
	if len(path) == 0 {
		return record, true
	}
	switch record := record.(type) {
	case map[string]any:
		for n := len(path); n > 0; n-- {
			if inner, is := record[strings.Join(path[:n], ".")]; is {
				return field(inner, path[n:])
			}
		}
	case []any:
		if i, err := strconv.Atoi(path[0]); err == nil && i >= 0 && i < len(record) {
			return field(record[i], path[1:])
		}
	}
	return nil, false
}

// shown returns a value for a person to read.
func shown(value any) string {
	if text := scalar(value); text != "" || value == nil {
		return outbound.Shortened(text, mostShown)
	}
	text, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return outbound.Shortened(string(text), mostShown)
}
