package graph

import (
	"context"
	"time"

	"vunglom/db"
	"vunglom/graph/model"
)

func (r queryResolver) AuditLog(ctx context.Context, first *int, after *string, from, to *time.Time, subject *string) (*model.AuditEntryConnection, error) {
	args, err := checkPage(ctx, first, 50, after)
	if err != nil {
		return nil, err
	}
	filter := db.AuditFilter{From: from, To: to}
	if subject != nil {
		name, err := checkText("subject", *subject)
		if err != nil {
			return nil, err
		}
		filter.Subject = &name
	}
	page, err := r.db.AuditLog(ctx, filter, args)
	if err != nil {
		return nil, err
	}
	c := &model.AuditEntryConnection{
		Nodes: make([]*model.AuditEntry, len(page.Items)), Edges: make([]*model.AuditEntryEdge, len(page.Items)),
		PageInfo: pageInfo(page, args), TotalCount: page.Total,
	}
	for i := range page.Items {
		e := &page.Items[i]
		c.Nodes[i] = &model.AuditEntry{At: e.At, Issuer: e.Issuer, Subject: e.Subject, System: e.System, Purpose: e.Purpose, Entry: e.Entry, Filter: e.Filter, Rows: e.Rows}
		c.Edges[i] = &model.AuditEntryEdge{Node: c.Nodes[i], Cursor: page.Cursors[i]}
	}
	return c, nil
}
