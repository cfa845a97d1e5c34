package graph

import (
	"vunglom/db"
	"vunglom/graph/model"
)

// pageInfo tells where a page stands. What a cursor names lies before the page that follows
// it; without one nothing does.
func pageInfo[T any](page db.Page[T], args db.PageArgs) *model.PageInfo {
	info := &model.PageInfo{HasNextPage: page.More, HasPreviousPage: args.After != ""}
	if n := len(page.Cursors); n > 0 {
		info.StartCursor = &page.Cursors[0]
		info.EndCursor = &page.Cursors[n-1]
	}
	return info
}
