package lgsp

import (
	"context"
	"encoding/json"
	"strings"

	"vunglom/argument"
	"vunglom/db"
)

// change is a figure that has changed, with its latest value.
type change struct {
	Kind    string          `json:"kind"`
	Unit    changedUnit     `json:"unit"`
	Day     string          `json:"day"`
	Measure *string         `json:"measure"`
	Source  *string         `json:"source"`
	Value   json.RawMessage `json:"value"`
}

// changedUnit is the unit that a change is about; of a report the code alone, as it was published.
type changedUnit struct {
	Province  string  `json:"province"`
	Level     string  `json:"level"`
	Code      string  `json:"code"`
	ValidFrom *string `json:"validFrom"`
}

func changeOf(f *db.FeedItem) change {
	c := change{Kind: strings.ToUpper(f.Kind), Unit: changedUnit{f.Province, levelOf(f.Level), f.Code, optionalDate(f.ValidFrom)}, Day: date(f.Day),
		Measure: optional(f.Measure), Source: optional(f.Source), Value: json.RawMessage("null")}
	if f.Value != nil {
		c.Value = json.RawMessage(*f.Value)
	}
	return c
}

// readChanges is the feed. Its next cursor is always there: what comes after it is what changes later.
func readChanges(a *argument.Reader) question {
	q := question{within: a.Ref("within"), today: a.Today(), page: readPage(a)}
	q.ask = func(ctx context.Context, held *db.DB) (list, error) {
		page, err := held.Feed(ctx, q.within, q.page)
		if err != nil {
			return list{}, err
		}
		l := listOf(&page, changeOf)
		next := q.page.After
		if n := len(page.Cursors); n > 0 {
			next = page.Cursors[n-1]
		} else if next == "" {
			next = db.FeedCursor(0, "")
		}
		l.total, l.next, l.more = nil, &next, &page.More
		return l, nil
	}
	return q
}
