package graph

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"vunglom/db"
	"vunglom/graph/model"
)

// checkPage returns the page asked for. What the list counts in all is left out where the
// query does not ask for it, because it can cost more than the page.
func checkPage(ctx context.Context, first *int, otherwise int, after *string) (db.PageArgs, error) {
	n, err := checkFirst(first, otherwise)
	if err != nil {
		return db.PageArgs{}, err
	}
	args := db.PageArgs{First: n, SkipTotal: !asks(ctx, "totalCount")}
	if after != nil {
		args.After = *after
	}
	return args, nil
}

var connections = []string{"AdminUnitConnection", "TeamConnection", "AddressConnection", "CoverageGapConnection", "ReportConnection", "AuditEntryConnection", "ImportJobConnection", "ChallengeConnection"}

// asks tells whether the query asks for a field of the connection that is being resolved.
func asks(ctx context.Context, name string) bool {
	return slices.ContainsFunc(graphql.CollectFieldsCtx(ctx, connections), func(f graphql.CollectedField) bool { return f.Name == name })
}

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
