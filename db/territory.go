package db

import (
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// rank orders the levels from the province down; it is the position in a chain.
var rank = map[string]int{"province": 0, "district": 1, "commune": 2, "hamlet": 3}

const (
	communeRank = 2
	hamletRank  = 3
)

// chain holds the unit of each level in which something lies, province first; 0: none.
type chain [4]int64

// at is where something lies during a period; parent is the unit next above, for units.
type at struct {
	period
	parent int64
	chain  chain
}

// inherited is the unit to which something belongs during a period.
type inherited struct {
	period
	unit int64
}

// territoryUnit is a unit as far as its place among the others goes.
type territoryUnit struct {
	ID                      int64
	Level, Code             string
	Name                    string // folded
	fullName                string
	ParentLevel, ParentCode *string
	PolygonID               *int64
	valid                   period
}

// territorySuccession is what became of a unit on a day.
type territorySuccession struct {
	FromLevel, FromCode, ToLevel, ToCode, Extent string
	EffectiveOn                                  int32
}

type levelCode struct{ level, code string }

// territory is a province's units of all times: who lies in whom, who follows whom, who covers what. It is computed in
// memory because a province has thousands of units, not millions, and its rules (the smallest code first, a split goes
// to the common parent) are plain loops here and riddles in SQL.
type territory struct {
	units     []*territoryUnit
	byID      map[int64]*territoryUnit
	byCode    map[levelCode][]*territoryUnit // by validity
	byPolygon map[int64][]*territoryUnit     // communes and hamlets
	next      map[levelCode][]territorySuccession
	chains    map[int64][]at
	heirOf    map[int64][]inherited
	first     day // on which the first commune begins
}

// readTerritory reads the units as they are in this transaction, once.
func (im *importing) readTerritory(ctx context.Context) (*territory, error) {
	if im.territory != nil {
		return im.territory, nil
	}
	rows, err := im.tx.Query(ctx, importQuery("territory_unit"), im.arguments)
	if err != nil {
		return nil, err
	}
	units, err := pgx.CollectRows(rows, pgx.RowToAddrOfStructByPos[territoryUnitRow])
	if err != nil {
		return nil, err
	}
	rows, err = im.tx.Query(ctx, importQuery("territory_succession"), im.arguments)
	if err != nil {
		return nil, err
	}
	successions, err := pgx.CollectRows(rows, pgx.RowToStructByPos[territorySuccession])
	if err != nil {
		return nil, err
	}
	list := make([]*territoryUnit, len(units))
	for i, r := range units {
		list[i] = r.unit()
	}
	im.territory = newTerritory(list, successions)
	return im.territory, nil
}

type territoryUnitRow struct {
	ID                      int64
	Level, Code, Name       string
	FullName                string
	ParentLevel, ParentCode *string
	From, To                *int32
	PolygonID               *int64
}

func (r *territoryUnitRow) unit() *territoryUnit {
	u := &territoryUnit{ID: r.ID, Level: r.Level, Code: r.Code, Name: r.Name, fullName: r.FullName, ParentLevel: r.ParentLevel, ParentCode: r.ParentCode,
		PolygonID: r.PolygonID, valid: period{beginning, forever}}
	if r.From != nil {
		u.valid.from = day(*r.From)
	}
	if r.To != nil {
		u.valid.to = day(*r.To)
	}
	return u
}

func newTerritory(units []*territoryUnit, successions []territorySuccession) *territory {
	t := &territory{
		units: units, byID: map[int64]*territoryUnit{}, byCode: map[levelCode][]*territoryUnit{},
		byPolygon: map[int64][]*territoryUnit{}, next: map[levelCode][]territorySuccession{},
		chains: map[int64][]at{}, heirOf: map[int64][]inherited{}, first: forever,
	}
	for _, u := range units {
		t.byID[u.ID] = u
		key := levelCode{u.Level, u.Code}
		t.byCode[key] = append(t.byCode[key], u)
		if u.PolygonID != nil && rank[u.Level] >= communeRank {
			t.byPolygon[*u.PolygonID] = append(t.byPolygon[*u.PolygonID], u)
		}
		if u.Level == "commune" {
			t.first = min(t.first, u.valid.from)
		}
	}
	for _, same := range t.byCode {
		slices.SortFunc(same, func(a, b *territoryUnit) int { return int(a.valid.from) - int(b.valid.from) })
	}
	for _, s := range successions {
		key := levelCode{s.FromLevel, s.FromCode}
		t.next[key] = append(t.next[key], s)
	}
	for _, u := range units {
		t.chainOf(u)
	}
	return t
}

// chainOf finds the chain above a unit: its parent is, on each day, the unit of that level and code that is valid then.
func (t *territory) chainOf(u *territoryUnit) []at {
	if rows, ok := t.chains[u.ID]; ok {
		return rows
	}
	var rows []at
	covered := u.valid.from
	alone := func(to day) {
		if p := (period{covered, to}); !p.empty() {
			c := chain{}
			c[rank[u.Level]] = u.ID
			rows = append(rows, at{period: p, chain: c})
		}
	}
	if u.ParentLevel != nil && u.ParentCode != nil && rank[*u.ParentLevel] < rank[u.Level] {
		for _, parent := range t.byCode[levelCode{*u.ParentLevel, *u.ParentCode}] {
			for _, above := range t.chainOf(parent) {
				p := above.period.and(u.valid)
				if p.empty() {
					continue
				}
				alone(p.from)
				c := above.chain
				c[rank[u.Level]] = u.ID
				rows = append(rows, at{period: p, parent: parent.ID, chain: c})
				covered = p.to
			}
		}
	}
	alone(u.valid.to)
	t.chains[u.ID] = rows
	return rows
}

// chainOn is the chain of a unit on a day.
func (t *territory) chainOn(id int64, d day) (chain, bool) {
	for _, row := range t.chains[id] {
		if row.holds(d) {
			return row.chain, true
		}
	}
	return chain{}, false
}

// stretches cuts the time that the periods speak of at each of their ends.
func stretches(periods []period) []period {
	var ends []day
	for _, p := range periods {
		ends = append(ends, p.from, p.to)
	}
	slices.Sort(ends)
	ends = slices.Compact(ends)
	var out []period
	for i := 1; i < len(ends); i++ {
		out = append(out, period{ends[i-1], ends[i]})
	}
	return out
}

// located answers where a point lies that these polygons cover: of the communes valid on a day the one with the
// smallest code (a commune without a polygon is covered where one of its hamlets is), then of its hamlets the one with
// the smallest code. Days on which no commune covers it are left out.
func (t *territory) located(covers []int64) []at {
	var candidates []*territoryUnit
	var periods []period
	for _, polygon := range covers {
		for _, u := range t.byPolygon[polygon] {
			candidates = append(candidates, u)
			for _, row := range t.chains[u.ID] {
				periods = append(periods, row.period)
			}
		}
	}
	slices.SortFunc(candidates, func(a, b *territoryUnit) int { return strings.Compare(a.Code, b.Code) })
	var rows []at
	for _, p := range stretches(periods) {
		commune := t.communeOn(candidates, p.from)
		if commune == nil {
			continue
		}
		c, _ := t.chainOn(commune.ID, p.from)
		for _, u := range candidates {
			if u.Level != "hamlet" {
				continue
			}
			if hc, ok := t.chainOn(u.ID, p.from); ok && hc[communeRank] == commune.ID {
				c = hc
				break
			}
		}
		rows = appendAt(rows, at{period: p, chain: c})
	}
	return rows
}

// communeOn is the commune of smallest code that covers, on a day, what the candidates (by code) cover.
func (t *territory) communeOn(candidates []*territoryUnit, d day) *territoryUnit {
	var found *territoryUnit
	for _, u := range candidates {
		c, ok := t.chainOn(u.ID, d)
		if !ok {
			continue
		}
		commune := t.byID[c[communeRank]]
		if commune == nil || (u.Level == "hamlet" && commune.PolygonID != nil) {
			continue
		}
		if found == nil || commune.Code < found.Code {
			found = commune
		}
	}
	return found
}

// appendAt adds a row, joined to the last one where nothing changes between them.
func appendAt(rows []at, row at) []at {
	if n := len(rows); n > 0 && rows[n-1].to == row.from && rows[n-1].chain == row.chain && rows[n-1].parent == row.parent {
		rows[n-1].to = row.to
		return rows
	}
	return append(rows, row)
}

// complete tells whether rows (in order) hold a commune on every day from the first unit on.
func (t *territory) complete(rows []at) bool {
	covered := t.first
	for _, row := range rows {
		if row.from > covered {
			return false
		}
		covered = max(covered, row.to)
	}
	return covered == forever && t.first != forever
}

// settled answers where people live: where their point lies, and on days when no commune covers it in the unit they
// declare, or in what became of it.
func (t *territory) settled(located []at, declared int64) []at {
	if declared == 0 {
		return located
	}
	var rows []at
	covered := beginning
	fill := func(to day) {
		for _, h := range t.heirs(declared) {
			for _, row := range t.chains[h.unit] {
				if p := row.period.and(h.period).and(period{covered, to}); !p.empty() {
					rows = appendAt(rows, at{period: p, chain: row.chain})
				}
			}
		}
	}
	for _, row := range located {
		fill(row.from)
		rows = appendAt(rows, row)
		covered = row.to
	}
	fill(forever)
	return rows
}
