package graph

import (
	"context"
	"errors"

	"vunglom/access"
	"vunglom/db"
	"vunglom/graph/model"
)

func (r queryResolver) Node(ctx context.Context, id string) (model.Node, error) {
	nodes, err := r.Nodes(ctx, []string{id})
	if err != nil {
		return nil, err
	}
	return nodes[0], nil
}

// Nodes reads all units in one statement, all teams in another, all addresses in a third, all reports in a fourth.
func (r queryResolver) Nodes(ctx context.Context, ids []string) ([]model.Node, error) {
	if len(ids) > maxIDs {
		return nil, badInput("ids có %d mục: nhiều nhất là 1.000", "ids has %d entries: 1,000 at most", len(ids))
	}
	var identities []db.Identity
	var teamKeys []db.TeamKey
	var addressKeys []db.AddressKey
	var reportKeys []db.ReportKey
	parsed := make([]any, len(ids))
	for i, id := range ids {
		var err error
		if parsed[i], err = parseID(id); err != nil {
			return nil, err
		}
		switch key := parsed[i].(type) {
		case db.Identity:
			identities = append(identities, key)
		case db.TeamKey:
			teamKeys = append(teamKeys, key)
		case db.AddressKey:
			addressKeys = append(addressKeys, key)
		case db.ReportKey:
			reportKeys = append(reportKeys, key)
		}
	}
	found := map[any]model.Node{}
	if err := r.unitNodes(ctx, identities, found); err != nil {
		return nil, err
	}
	if err := r.teamNodes(ctx, teamKeys, found); err != nil {
		return nil, err
	}
	if err := r.addressNodes(ctx, addressKeys, found); err != nil {
		return nil, err
	}
	if err := r.reportNodes(ctx, reportKeys, found); err != nil {
		return nil, err
	}
	nodes := make([]model.Node, len(ids))
	for i, key := range parsed {
		nodes[i] = found[key]
	}
	return nodes, nil
}

func (r queryResolver) unitNodes(ctx context.Context, identities []db.Identity, found map[any]model.Node) error {
	if len(identities) == 0 {
		return nil
	}
	read, err := r.db.UnitsByIdentity(ctx, identities)
	all, today := newUnits(), r.today()
	for identity, unit := range read {
		found[identity] = all.add(&unit, nearestDay(&unit, today))
	}
	return err
}

func (r queryResolver) teamNodes(ctx context.Context, keys []db.TeamKey, found map[any]model.Node) error {
	if len(keys) == 0 {
		return nil
	}
	read, err := r.db.TeamsByKey(ctx, keys)
	all, today := newTeams(), r.today()
	for key, team := range read {
		found[key] = all.add(&team, today)
	}
	return err
}

func (r queryResolver) addressNodes(ctx context.Context, keys []db.AddressKey, found map[any]model.Node) error {
	if len(keys) == 0 {
		return nil
	}
	if err := access.From(ctx).Refuse(access.Persons, "node"); err != nil { // its id alone tells that there is one
		return err
	}
	read, err := r.db.AddressesByKey(ctx, keys)
	if err != nil {
		return err
	}
	all, today := &addresses{}, r.today()
	nodes := make(map[db.AddressKey]*model.Address, len(read))
	for key, address := range read {
		nodes[key] = all.add(&address, today)
	}
	for key, node := range nodes { // the first to be asked about asks for all
		err := addressResolver(r).checkAddress(ctx, "node", node, nil)
		var outside *access.Refusal
		if errors.As(err, &outside) {
			continue // that there is one is told to nobody who may not see it
		}
		if err != nil {
			return err
		}
		found[key] = node
	}
	return nil
}

func (r queryResolver) reportNodes(ctx context.Context, keys []db.ReportKey, found map[any]model.Node) error {
	if len(keys) == 0 {
		return nil
	}
	read, err := r.db.ReportsByKey(ctx, keys)
	all := &reports{}
	for key, report := range read {
		found[key] = all.add(&report)
	}
	return err
}
