package db

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// maxPage is the largest page that may be asked for.
const maxPage = 1000

// PageArgs asks for a part of a list: the first so many (1 to 1,000) after a cursor ("": from the beginning).
type PageArgs struct {
	First     int
	After     string
	SkipTotal bool // don't count the whole where that is a statement of its own (addresses)
}

// Page is a part of a list. Cursors[i] is the opaque cursor of Items[i]; More tells whether anything follows; Total
// counts the whole filter, unless it was skipped.
type Page[T any] struct {
	Items   []T
	Cursors []string
	More    bool
	Total   int
}

// start checks the arguments and reads the cursor into the keys of its list; without a cursor they stay as they are.
func (p PageArgs) start(list string, keys ...any) error {
	if err := checkFirst(p.First); err != nil {
		return err
	}
	if p.After == "" {
		return nil
	}
	text, err := base64.RawURLEncoding.DecodeString(p.After)
	if err == nil {
		var name string
		parts := append([]any{&name}, keys...)
		given := len(parts)
		if err = json.Unmarshal(text, &parts); err == nil && name == list && len(parts) == given && storable(keys) {
			return nil
		}
	}
	return p.strange()
}

// strange is the error of a cursor that is none of the list.
func (p PageArgs) strange() error {
	return badInput("con trỏ %q không phải của danh sách này; hãy dùng endCursor của trang trước",
		"cursor %q is not of this list; use the endCursor of the page before", p.After)
}

// storable tells whether keys that a client sent can be compared with stored ones at all: no text that is stored has a
// NUL, no count more than 32 bits. PostgreSQL takes others for a mistake of ours.
func storable(keys []any) bool {
	for _, key := range keys {
		switch key := key.(type) {
		case *string:
			if strings.ContainsRune(*key, 0) {
				return false
			}
		case *int:
			if *key != int(int32(*key)) {
				return false
			}
		}
	}
	return true
}

func checkFirst(first int) error {
	if first < 1 || first > maxPage {
		return badInput("first là %d; phải từ 1 đến 1.000", "first is %d; it must be 1 to 1,000", first)
	}
	return nil
}

// cursor names a place in a list by the keys that order it. A float64 survives it bit by bit.
func cursor(list string, keys ...any) string {
	text, err := json.Marshal(append([]any{list}, keys...))
	if err != nil {
		panic("db: cursor: " + err.Error()) // strings and finite numbers always encode
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// collectPages reads rows whose first two columns are asked (which page, from 1) and total, and whose other columns
// are a T, all null where a page is empty. A page asks for one row too many, to know whether more follow.
func collectPages[T any](rows pgx.Rows, pages, first int, cursorOf func(*T) string) ([]Page[T], error) {
	defer rows.Close()
	answer := make([]Page[T], pages)
	for rows.Next() {
		var asked, total int
		row := tail{rows, 2}
		dest := make([]any, len(rows.FieldDescriptions()))
		dest[0], dest[1] = &asked, &total
		if err := rows.Scan(dest...); err != nil {
			return nil, err
		}
		page := &answer[asked-1]
		page.Total = total
		if rows.RawValues()[2] == nil {
			continue
		}
		if len(page.Items) == first {
			page.More = true
			continue
		}
		item, err := pgx.RowToStructByName[T](row)
		if err != nil {
			return nil, err
		}
		page.Items = append(page.Items, item)
		page.Cursors = append(page.Cursors, cursorOf(&item))
	}
	return answer, rows.Err()
}

// tail is a row without its first columns.
type tail struct {
	pgx.Rows
	skip int
}

func (t tail) FieldDescriptions() []pgconn.FieldDescription {
	return t.Rows.FieldDescriptions()[t.skip:]
}

func (t tail) Scan(dest ...any) error {
	return t.Rows.Scan(append(make([]any, t.skip), dest...)...)
}
