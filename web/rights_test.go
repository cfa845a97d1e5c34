package web_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"vunglom/access"
	"vunglom/graph/model"
)

// testRightsAreTold: what a caller is told to have is what holds, of units and teams, and me names the units.
func testRightsAreTold(t *testing.T, m *matrix) {
	const query = `{me {signedIn roles grants {right everywhere units(asOf: "$D") {code}}} datasets {publishedFrom publishedTo}
		adminUnit(level: COMMUNE, code: "$C", asOf: "$D") {rights ancestors {rights} children(first: 2) {nodes {rights}} teams(first: 100) {nodes {id rights}}}}`
	type told struct {
		Data struct {
			Me struct {
				SignedIn bool
				Roles    []string
				Grants   []struct {
					Right      string
					Everywhere bool
					Units      []struct{ Code string }
				}
			}
			Datasets  []struct{ PublishedFrom, PublishedTo string }
			AdminUnit struct {
				Rights    []string
				Ancestors []struct{ Rights []string }
				Children  struct{ Nodes []struct{ Rights []string } }
				Teams     struct {
					Nodes []struct {
						ID     string
						Rights []string
					}
				}
			}
		}
	}
	for _, role := range access.Roles() {
		var own []string
		for _, right := range access.Rights() {
			if right.Scoped() && role.Has(right) {
				if !model.Right(strings.ToUpper(string(right))).IsValid() {
					t.Errorf("the schema has no right %s", right)
				}
				own = append(own, strings.ToUpper(string(right)))
			}
		}
		for _, as := range []string{string(role), "+" + string(role)} {
			for _, about := range []string{ours, theirs} {
				if as == "+public" {
					continue // nobody's token
				}
				var a told
				code, body := m.ask(t, as, m.about(query, about))
				if err := json.Unmarshal([]byte(body), &a); err != nil || code != "" {
					t.Fatalf("as %s about %s: %v %s", as, about, err, body)
				}
				everywhere, unit := as != string(role), a.Data.AdminUnit
				want := own
				if about != ours && !everywhere {
					want = nil
				}
				if !slices.Equal(unit.Rights, want) && len(unit.Rights)+len(want) > 0 || !slices.Equal(unit.Children.Nodes[0].Rights, unit.Rights) {
					t.Errorf("as %s of %s: %v, of what lies in it %v; want %v", as, about, unit.Rights, unit.Children.Nodes[0].Rights, want)
				}
				if above := unit.Ancestors[0].Rights; len(above) > 0 != (everywhere && len(own) > 0) {
					t.Errorf("as %s of the province: %v", as, above)
				}
				var rights, roles []string
				for _, g := range a.Data.Me.Grants {
					rights = append(rights, g.Right)
					if g.Everywhere != everywhere || !everywhere && (len(g.Units) != 1 || g.Units[0].Code != ours) {
						t.Errorf("as %s: %+v", as, g)
					}
				}
				if role != access.Public {
					roles = []string{strings.ToUpper(string(role))}
				}
				if !slices.Equal(rights, own) || !slices.Equal(a.Data.Me.Roles, roles) || a.Data.Me.SignedIn != (role != access.Public) {
					t.Errorf("as %s, me: %+v", as, a.Data.Me)
				}
				if d := a.Data.Datasets[0]; d.PublishedFrom == "" || d.PublishedTo < d.PublishedFrom || d.PublishedTo > matrixDay && d.PublishedTo[8:] < "28" {
					t.Errorf("published: %+v", d)
				}
				for _, team := range unit.Teams.Nodes {
					code, body := m.ask(t, as, `{node(id: "`+team.ID+`") {... on Team {rights(asOf: "`+matrixDay+`") roles(asOf: "`+matrixDay+`") {members}}}}`)
					if answered := code == ""; answered != slices.Contains(team.Rights, "AGGREGATES") {
						t.Errorf("as %s, of a team in %s: told %v, answered %t: %s", as, about, team.Rights, answered, body)
					}
				}
			}
		}
	}
}
