package lgsp

import (
	"context"
	"encoding/json"

	"vunglom/argument"
	"vunglom/db"
	"vunglom/gis"
)

// team is a community digital technology team (kind cnscd) or another task force.
type team struct {
	Province      string          `json:"province"`
	Code          string          `json:"code"`
	Name          string          `json:"name"`
	Level         string          `json:"level"`
	Kind          string          `json:"kind"`
	EstablishedOn string          `json:"establishedOn"`
	DissolvedOn   *string         `json:"dissolvedOn"`
	Base          json.RawMessage `json:"base"`
	Members       int             `json:"members"`
	Unit          *unitName       `json:"unit"`
	Serves        []unitName      `json:"serves"`
}

// readTeams is `AdminUnit.teams` of one unit.
func readTeams(a *argument.Reader) question {
	q := question{within: a.Ref("within"), day: a.Day("asOf"), page: readPage(a)}
	if q.within == nil {
		a.Wrong("thiếu within; hãy viết như COMMUNE:32041", "within is missing; write it as COMMUNE:32041")
	}
	q.ask = func(ctx context.Context, held *db.DB) (list, error) {
		home, err := held.UnitByRef(ctx, *q.within, q.day)
		if err != nil {
			return list{}, err
		}
		of := db.OnDay{Key: home.Key(), Day: q.day}
		pages, err := held.TeamsOfUnits(ctx, []db.OnDay{of}, q.page)
		if err != nil {
			return list{}, err
		}
		page := pages[of]
		made, err := teamsOf(ctx, held, page.Items, &q)
		i := -1
		return listOf(&page, func(*db.Team) team { i++; return made[i] }), err
	}
	return q
}

// teamsOf makes teams, with their units, what they serve and how many members they have, in a statement each.
func teamsOf(ctx context.Context, held *db.DB, teams []db.Team, q *question) ([]team, error) {
	keys, asked := make([]db.Key, len(teams)), make([]db.TeamOnDay, len(teams))
	for i := range teams {
		keys[i], asked[i] = teams[i].UnitKey(), db.TeamOnDay{TeamKey: teams[i].Key(), Day: q.day}
	}
	homes, err := held.UnitsByID(ctx, keys)
	if err != nil {
		return nil, err
	}
	serves, err := held.TeamServes(ctx, asked)
	if err != nil {
		return nil, err
	}
	members, err := held.TeamMemberCounts(ctx, asked)
	if err != nil {
		return nil, err
	}
	made := make([]team, len(teams))
	for i := range teams {
		t := &teams[i]
		made[i] = team{Province: t.Province, Code: t.Code, Name: t.Name, Level: levelOf(t.Level), Kind: t.Kind, EstablishedOn: date(t.EstablishedOn),
			DissolvedOn: optionalDate(t.DissolvedOn), Base: pointOf(t.Base()), Members: members[asked[i]], Serves: []unitName{}}
		if home, known := homes[keys[i]]; known {
			name := nameOf(&home)
			made[i].Unit = &name
		}
		for _, u := range serves[asked[i]] {
			made[i].Serves = append(made[i].Serves, nameOf(&u))
		}
	}
	return made, nil
}

// pointOf writes a GeoJSON Point; null for none.
func pointOf(p *db.Position) json.RawMessage {
	if p == nil {
		return json.RawMessage("null")
	}
	text := append(gis.AppendDegrees([]byte(`{"type":"Point","coordinates":[`), p.Longitude), ',')
	return append(gis.AppendDegrees(text, p.Latitude), "]}"...)
}
