package graph

import (
	"context"
	"slices"
	"strings"
	"time"

	"vunglom/access"
	"vunglom/db"
	"vunglom/graph/model"
)

func (r queryResolver) Me(ctx context.Context) (*model.Caller, error) {
	caller := access.From(ctx)
	me := &model.Caller{SignedIn: caller.SignedIn(), Roles: []model.Role{}, Grants: []*model.Grant{}}
	for _, role := range access.Roles() {
		if slices.ContainsFunc(caller.Grants, func(g access.Grant) bool { return g.Role == role }) {
			me.Roles = append(me.Roles, model.Role(strings.ToUpper(string(role))))
		}
	}
	for _, right := range access.Rights() {
		if everywhere, units := caller.Scope(right); right.Scoped() && (everywhere || len(units) > 0) {
			me.Grants = append(me.Grants, &model.Grant{Right: rightOf(right), Everywhere: everywhere, Named: units})
		}
	}
	return me, nil
}

func rightOf(right access.Right) model.Right { return model.Right(strings.ToUpper(string(right))) }

// mostGranted is how many units of a right are told.
const mostGranted = 50

func (r grantResolver) Units(ctx context.Context, obj *model.Grant, asOf *time.Time) ([]*model.AdminUnit, error) {
	named := make([]db.Ref, len(obj.Named))
	for i, u := range obj.Named {
		named[i] = db.Ref{Level: db.Level(u.Level), Code: u.Code}
	}
	day := day(asOf, r.today())
	there, err := r.db.UnitsNamed(ctx, named, day)
	if err != nil {
		return nil, err
	}
	there = there[:min(len(there), mostGranted)]
	all, answer := newUnits(), make([]*model.AdminUnit, len(there))
	for i := range there {
		answer[i] = all.add(&there[i], day)
	}
	return answer, nil
}

func (r unitResolver) Rights(ctx context.Context, obj *model.AdminUnit) ([]model.Right, error) {
	return rightsWhere(func(right access.Right) (bool, error) { return r.mayKey(ctx, right, obj.Read, obj.Key, time.Time{}) })
}

func (r teamResolver) Rights(ctx context.Context, obj *model.Team, asOf *time.Time) ([]model.Right, error) {
	return rightsWhere(func(right access.Right) (bool, error) { return r.mayTeam(ctx, right, obj, asked(asOf)) })
}

// rightsWhere lists the rights that not everybody has and somebody has there.
func rightsWhere(holds func(access.Right) (bool, error)) ([]model.Right, error) {
	rights := []model.Right{}
	for _, right := range access.Rights() {
		if !right.Scoped() {
			continue
		}
		held, err := holds(right)
		if err != nil {
			return nil, err
		}
		if held {
			rights = append(rights, rightOf(right))
		}
	}
	return rights, nil
}
