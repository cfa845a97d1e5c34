package lgsp

import (
	"context"
	"time"

	"vunglom/access"
	"vunglom/argument"
	"vunglom/db"
)

// resource is a list that can be asked for.
type resource struct {
	name   string
	right  access.Right                    // what it needs; of what is about units, in `within`
	weight int                             // what an item costs, in the objects that queries are counted in
	read   func(*argument.Reader) question // from a query string
}

// question is what a client asks.
type question struct {
	within     *db.Ref   // the unit that it is about; nil: everything
	day        time.Time // the day that it is about; zero: none
	boundaries time.Time // the day on whose boundaries; zero: the same
	today      time.Time // when it is asked, of what is about no day
	page       db.PageArgs
	ask        func(ctx context.Context, held *db.DB) (list, error)
}

// where is the day on which within is looked up.
func (q *question) where() time.Time {
	for _, day := range []time.Time{q.boundaries, q.day} {
		if !day.IsZero() {
			return day
		}
	}
	return q.today
}

// list is a part of a list.
type list struct {
	items any     // a slice
	total *int    // of the whole list
	next  *string // the cursor that the next part comes after; nil: this is the end
	more  *bool   // of the feed, which has no end: whether more has changed already
}

// listOf makes a list of a page; each makes an item.
func listOf[T, I any](page *db.Page[T], each func(*T) I) list {
	items := make([]I, len(page.Items))
	for i := range page.Items {
		items[i] = each(&page.Items[i])
	}
	l := list{items: items, total: &page.Total}
	if page.More {
		l.next = &page.Cursors[len(page.Cursors)-1]
	}
	return l
}

// resources are all lists, in the order of the document.
var resources = []resource{
	{"units", access.Published, 4, readUnits},
	{"services", access.Published, 1, readServices},
	{"coverage", access.Aggregates, 12, readCoverage},
	{"gaps", access.Decisions, 6, readGaps},
	{"teams", access.Published, 4, readTeams},
	{"reports", access.Published, 2, readReports},
	{"changes", access.Aggregates, 1, readChanges},
}

// readPage reads which part of a list is asked for.
func readPage(a *argument.Reader) db.PageArgs {
	page := db.PageArgs{First: a.Whole("first", 100), After: a.Text("after")}
	if page.First < 1 || page.First > 1000 {
		a.Wrong("first là %d; phải từ 1 đến 1.000", "first is %d; it must be 1 to 1,000", page.First)
	}
	return page
}

// Rule is what a path needs; for documents and tests.
type Rule struct {
	Name  string // the path
	Right access.Right
	Where string // how it is found out where the right has to hold, in words; empty: everywhere
}

// Rules lists what can be asked for and what it needs.
func Rules() []Rule {
	list := []Rule{{Root + documentName, access.Open, ""}}
	for _, s := range resources {
		r := Rule{Root + s.name, s.right, ""}
		if s.right.Scoped() {
			r.Where = "`within` on `boundariesAsOf`, else `asOf`, else today"
			if s.name == "changes" {
				r.Where = "`within` today, and each figure's unit on the figure's day"
			}
		}
		list = append(list, r)
	}
	return list
}

func paths() (list []string) {
	for _, r := range Rules() {
		list = append(list, r.Name)
	}
	return list
}
