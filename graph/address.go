package graph

import (
	"context"
	"time"

	"vunglom/db"
	"vunglom/graph/batch"
	"vunglom/graph/model"
)

// addresses makes the API's addresses of those read together, each on its day.
type addresses struct{ read batch.Set }

func (s *addresses) add(a *db.Address, day time.Time) *model.Address {
	key := db.AddressOnDay{AddressKey: a.Key(), Day: day}
	batch.Add(&s.read, key)
	return &model.Address{
		ID: addressID(key.AddressKey), Scheme: a.Scheme, Code: a.Code, Kind: a.Kind,
		Position: encodePoint(db.Position{Longitude: a.Longitude, Latitude: a.Latitude}), Key: key, Read: &s.read,
	}
}

func (r queryResolver) Addresses(ctx context.Context, within *model.UnitRef, bbox *model.BoundingBox, status []model.HouseholdStatus,
	asOf *time.Time, first *int, after *string) (*model.AddressConnection, error) {
	args, err := checkPage(ctx, first, 100, after)
	if err != nil {
		return nil, err
	}
	filter := db.AddressFilter{}
	if filter.Within, err = checkRef(within); err != nil {
		return nil, err
	}
	if filter.Box, err = checkBox(bbox); err != nil {
		return nil, err
	}
	if status != nil && len(status) == 0 {
		return nil, badInput("status trống: hãy bỏ nó để lấy mọi địa chỉ", "status is empty: leave it out for every address")
	}
	for _, s := range status {
		filter.Status = append(filter.Status, db.Status(s))
	}
	day := day(asOf, r.today())
	page, err := r.db.Addresses(ctx, filter, day, args)
	if err != nil {
		return nil, err
	}
	all := &addresses{}
	c := &model.AddressConnection{
		Nodes: make([]*model.Address, len(page.Items)), Edges: make([]*model.AddressEdge, len(page.Items)),
		PageInfo: pageInfo(page, args), TotalCount: page.Total,
	}
	for i := range page.Items {
		c.Nodes[i] = all.add(&page.Items[i], day)
		c.Edges[i] = &model.AddressEdge{Node: c.Nodes[i], Cursor: page.Cursors[i]}
	}
	return c, nil
}

type (
	addressUnitsQuestion struct{ asOf time.Time }
	statusQuestion       struct{ asOf time.Time }
)

// addressUnits is where an address lies; nil: nowhere, at that level.
type addressUnits struct{ commune, hamlet *model.AdminUnit }

func addressesOn(members []db.AddressOnDay, asOf time.Time) []db.AddressOnDay {
	moved := make([]db.AddressOnDay, len(members))
	for i, address := range members {
		moved[i] = addressOnDay(address, asOf)
	}
	return moved
}

func addressOnDay(address db.AddressOnDay, asOf time.Time) db.AddressOnDay {
	if !asOf.IsZero() {
		address.Day = asOf
	}
	return address
}

func (r addressResolver) units(ctx context.Context, obj *model.Address, asOf *time.Time) (addressUnits, error) {
	day := asked(asOf)
	found, err := batch.Ask(ctx, obj.Read, addressUnitsQuestion{day}, func(ctx context.Context, members []db.AddressOnDay) (map[db.AddressOnDay]addressUnits, error) {
		read, err := r.db.AddressUnits(ctx, addressesOn(members, day))
		if err != nil {
			return nil, err
		}
		all, answer := newUnits(), make(map[db.AddressOnDay]addressUnits, len(read))
		for address, lies := range read {
			answer[address] = addressUnits{all.addOptional(lies.Commune, address.Day), all.addOptional(lies.Hamlet, address.Day)}
		}
		return answer, nil
	})
	return found[addressOnDay(obj.Key, day)], err
}

func (r addressResolver) Commune(ctx context.Context, obj *model.Address, asOf *time.Time) (*model.AdminUnit, error) {
	lies, err := r.units(ctx, obj, asOf)
	return lies.commune, err
}

func (r addressResolver) Hamlet(ctx context.Context, obj *model.Address, asOf *time.Time) (*model.AdminUnit, error) {
	lies, err := r.units(ctx, obj, asOf)
	return lies.hamlet, err
}

func (r addressResolver) Status(ctx context.Context, obj *model.Address, asOf *time.Time) (*model.HouseholdStatus, error) {
	if asOf != nil { // on the day it was asked for, whoever got it was in scope
		if err := r.checkAddress(ctx, "Address.status", obj, asOf); err != nil {
			return nil, err
		}
	}
	day := asked(asOf)
	statuses, err := batch.Ask(ctx, obj.Read, statusQuestion{day}, func(ctx context.Context, members []db.AddressOnDay) (map[db.AddressOnDay]db.Status, error) {
		return r.db.AddressStatuses(ctx, addressesOn(members, day))
	})
	known, ok := statuses[addressOnDay(obj.Key, day)]
	if !ok {
		return nil, err
	}
	status := model.HouseholdStatus(known)
	return &status, nil
}
