package db

import (
	"context"
	"math"
	"slices"

	"vunglom/gis"

	"github.com/jackc/pgx/v5"
)

// Remoteness after the contract: three terms with their weights, each from 0 (near, dense) to 1.
const (
	serviceWeight, serviceFarMetres = 0.5, 10_000
	teamWeight, teamFarMetres       = 0.3, 5_000
	densityWeight, densePerKm2      = 0.2, 100
	remoteFrom                      = 0.5
)

// remoteUnit is a unit's remoteness as it is worked out; NaN is "no data".
type remoteUnit struct {
	id                    int64
	on                    day // the day the unit is looked at: today, else its last day
	area                  float64
	label                 *[2]float64
	designated            bool
	addresses             int
	service, team, perKm2 float64
	index                 float64
}

// nearness is the distances of a place's household addresses, in metres.
type nearness struct{ service, team []float64 }

// refreshRemoteness works out how remote every unit of every time is, by today's service points and teams. Distances
// are worked out here, not in SQL: the nearest of some thousand points for each of some hundred thousand addresses
// takes an index in memory a second, and PostGIS half a minute.
func (im *importing) refreshRemoteness(ctx context.Context) error {
	defer im.step("remoteness", 0)(0)
	land, err := im.readTerritory(ctx)
	if err != nil {
		return err
	}
	units, err := im.remoteUnits(ctx)
	if err != nil {
		return err
	}
	services, err := im.points(ctx, "remote_service_point")
	if err != nil {
		return err
	}
	teams, err := im.points(ctx, "remote_team")
	if err != nil {
		return err
	}
	inHamlet, addresses, err := im.remotePlaces(ctx, units)
	if err != nil {
		return err
	}
	stands, err := im.standingRemoteness(ctx, units, inHamlet, addresses)
	if err != nil {
		return err
	}
	near, err := im.measure(ctx, services, teams)
	if err != nil {
		return err
	}
	for _, u := range units {
		u.addresses = addresses[u.id]
		if land.byID[u.id].Level == "hamlet" && !stands.keeps(u) {
			u.ofHamlet(inHamlet[u.id], near, services, teams)
		}
	}
	hamlets := land.hamletsIn(units)
	for _, u := range units {
		if land.byID[u.id].Level != "hamlet" {
			u.ofHamlets(hamlets[u.id])
		}
	}
	if stands != nil {
		units = slices.DeleteFunc(units, func(u *remoteUnit) bool { return !stands.touched[u.id] })
		if err := im.touchMoved(ctx, stands, units); err != nil {
			return err
		}
		return im.writeRemoteness(ctx, "remoteness_near_drop", units)
	}
	im.arguments["refreshed"] = true
	return im.writeRemoteness(ctx, "remoteness_drop", units)
}

// ofHamlet works a hamlet out over its addresses, or its label point where it has none.
func (u *remoteUnit) ofHamlet(places []int64, near map[int64]*nearness, services, teams *gis.Nearest) {
	var service, team []float64
	for _, p := range places {
		if n := near[p]; n != nil {
			service, team = append(service, n.service...), append(team, n.team...)
		}
	}
	if len(service) == 0 && len(team) == 0 && u.label != nil && u.addresses == 0 {
		service, team = distance(services, *u.label), distance(teams, *u.label)
	}
	u.service, u.team, u.perKm2 = gis.Median(service), gis.Median(team), math.NaN()
	if u.area > 0 {
		u.perKm2 = float64(u.addresses) / u.area
	}
	u.index = remoteIndex(u.service, u.team, u.perKm2)
}

func distance(points *gis.Nearest, at [2]float64) []float64 {
	if _, metres, ok := points.Find(at[0], at[1]); ok {
		return []float64{metres}
	}
	return nil
}

// remoteIndex weighs the terms; one without data drops out and the weights left are scaled to sum to 1.
func remoteIndex(service, team, perKm2 float64) float64 {
	sum, weight := 0.0, 0.0
	add := func(w, term float64) {
		if !math.IsNaN(term) {
			sum, weight = sum+w*term, weight+w
		}
	}
	add(serviceWeight, math.Min(1, service/serviceFarMetres))
	add(teamWeight, math.Min(1, team/teamFarMetres))
	add(densityWeight, 1-math.Min(1, perKm2/densePerKm2))
	if weight == 0 {
		return math.NaN()
	}
	return sum / weight
}

// ofHamlets works a commune and above out as the means over its hamlets, weighted by household addresses.
func (u *remoteUnit) ofHamlets(hamlets []*remoteUnit) {
	mean := func(value func(*remoteUnit) float64) float64 {
		sum, weight := 0.0, 0.0
		for _, h := range hamlets {
			if v := value(h); !math.IsNaN(v) {
				sum, weight = sum+v*float64(h.addresses), weight+float64(h.addresses)
			}
		}
		if weight == 0 {
			return math.NaN()
		}
		return sum / weight
	}
	u.index = mean(func(h *remoteUnit) float64 { return h.index })
	u.service = mean(func(h *remoteUnit) float64 { return h.service })
	u.team = mean(func(h *remoteUnit) float64 { return h.team })
	u.perKm2 = math.NaN()
	if u.area > 0 {
		u.perKm2 = float64(u.addresses) / u.area
	}
}

// hamletsIn lists, for each unit above the hamlets, the hamlets that lie in it on the day it is looked at.
func (t *territory) hamletsIn(units []*remoteUnit) map[int64][]*remoteUnit {
	in := map[int64][]*remoteUnit{}
	days := map[day]bool{}
	on := map[int64]day{}
	for _, u := range units {
		days[u.on] = true
		on[u.id] = u.on
	}
	for _, h := range units {
		if t.byID[h.id].Level != "hamlet" {
			continue
		}
		for d := range days {
			c, ok := t.chainOn(h.id, d)
			if !ok {
				continue
			}
			for _, id := range c[:hamletRank] {
				if id != 0 && on[id] == d {
					in[id] = append(in[id], h)
				}
			}
		}
	}
	return in
}

// remoteUnits reads the units with what their remoteness needs.
func (im *importing) remoteUnits(ctx context.Context) ([]*remoteUnit, error) {
	rows, err := im.tx.Query(ctx, importQuery("remote_unit"), im.arguments)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (*remoteUnit, error) {
		u := &remoteUnit{}
		var lon, lat *float64
		var on int32
		if err := row.Scan(&u.id, &on, &u.area, &lon, &lat, &u.designated); err != nil {
			return nil, err
		}
		u.on = day(on)
		if lon != nil {
			u.label = &[2]float64{*lon, *lat}
		}
		return u, nil
	})
}

// points reads positions into an index.
func (im *importing) points(ctx context.Context, name string) (*gis.Nearest, error) {
	rows, err := im.tx.Query(ctx, importQuery(name), im.arguments)
	if err != nil {
		return nil, err
	}
	points, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p [2]float64, err error) {
		return p, row.Scan(&p[0], &p[1])
	})
	return gis.NewNearest(points), err
}

// measure answers the distances of all household addresses, by place.
func (im *importing) measure(ctx context.Context, services, teams *gis.Nearest) (map[int64]*nearness, error) {
	name := "remote_address"
	if im.near() {
		name = "remote_address_near"
	}
	rows, err := im.tx.Query(ctx, importQuery(name), im.arguments)
	if err != nil {
		return nil, err
	}
	near := map[int64]*nearness{}
	var place int64
	var lon, lat float64
	var n *nearness
	last := int64(0)
	_, err = pgx.ForEachRow(rows, []any{&place, &lon, &lat}, func() error {
		if n == nil || place != last {
			n, last = near[place], place
			if n == nil {
				n = &nearness{}
				near[place] = n
			}
		}
		n.service = append(n.service, distance(services, [2]float64{lon, lat})...)
		n.team = append(n.team, distance(teams, [2]float64{lon, lat})...)
		return nil
	})
	return near, err
}

// remotePlaces answers the places of each hamlet and the household addresses of each unit, on the unit's day.
func (im *importing) remotePlaces(ctx context.Context, units []*remoteUnit) (map[int64][]int64, map[int64]int, error) {
	on := map[int64]day{}
	for _, u := range units {
		on[u.id] = u.on
	}
	rows, err := im.tx.Query(ctx, importQuery("remote_place"), im.arguments)
	if err != nil {
		return nil, nil, err
	}
	places, addresses := map[int64][]int64{}, map[int64]int{}
	var place int64
	var count int
	var from, to int32
	var c [4]*int64
	_, err = pgx.ForEachRow(rows, []any{&place, &count, &from, &to, &c[0], &c[1], &c[2], &c[3]}, func() error {
		p := period{day(from), day(to)}
		for r, id := range c {
			if id == nil || !p.holds(on[*id]) {
				continue
			}
			addresses[*id] += count
			if r == hamletRank {
				places[*id] = append(places[*id], place)
			}
		}
		return nil
	})
	return places, addresses, err
}

// writeRemoteness replaces the figures that a statement takes away: the province's, or those of touched units. A unit of which nothing is known has none; one that is designated is
// remote without an index too.
func (im *importing) writeRemoteness(ctx context.Context, drop string, units []*remoteUnit) error {
	if _, err := im.exec(ctx, importQuery(drop)); err != nil {
		return err
	}
	optional := func(v float64) *float64 {
		if math.IsNaN(v) {
			return nil
		}
		return &v
	}
	var rows [][]any
	for _, u := range units {
		if math.IsNaN(u.index) && !u.designated {
			continue
		}
		rows = append(rows, []any{im.bundle.Meta.Province, u.id, optional(u.index), u.index >= remoteFrom || u.designated,
			optional(u.service), optional(u.team), optional(u.perKm2), u.designated, u.addresses, im.options.Now})
	}
	_, err := im.tx.CopyFrom(ctx, pgx.Identifier{"remoteness"}, []string{"province", "unit_id", "index", "remote",
		"service_distance_metres", "team_distance_metres", "addresses_per_km2", "designated", "addresses", "computed_at"}, pgx.CopyFromRows(rows))
	return err
}
