package db

// PageArgs asks for a part of a list: the first so many (1 to 1,000) after a cursor ("": from the beginning).
type PageArgs struct {
	First int
	After string
}

// Page is a part of a list. Cursors[i] is the opaque cursor of Items[i]; Total counts the whole filter; More tells
// whether anything follows.
type Page[T any] struct {
	Items   []T
	Cursors []string
	More    bool
	Total   int
}
