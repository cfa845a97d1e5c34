package synthetic

import "testing"

// TestReferencesHold checks that every row names units, teams, households and addresses
// that exist, units on the row's own day and teams while they are at work.
func TestReferencesHold(t *testing.T) {
	dir := largeProvince(t)
	units := map[string][]*feature{}
	for _, u := range readUnits(t, dir) {
		key := u.Properties.Level + " " + u.Properties.Code
		units[key] = append(units[key], u)
	}
	bad := 0
	unit := func(table, row, level, code, d string) {
		if code == "" {
			return
		}
		for _, u := range units[level+" "+code] {
			if u.on(d) {
				return
			}
		}
		if bad++; bad < 20 {
			t.Errorf("%s %s names the %s %s, which isn't there on %s", table, row, level, code, d)
		}
	}
	for _, u := range readUnits(t, dir) {
		p := u.Properties
		if p.Level == "hamlet" {
			unit("units", p.Code, "commune", p.ParentCode, p.From)
		}
	}
	for _, r := range readTable(t, dir, "designations") {
		unit("designations", r.get("scheme"), r.get("level"), r.get("code"), r.get("valid_from"))
	}
	addresses := map[string]bool{}
	for _, r := range readTable(t, dir, "addresses") {
		key := r.get("scheme") + r.get("code")
		if addresses[key] {
			t.Errorf("address %s is there twice", key)
		}
		addresses[key] = true
		unit("addresses", r.get("code"), "commune", r.get("commune_code"), r.get("surveyed_on"))
		unit("addresses", r.get("code"), "hamlet", r.get("hamlet_code"), r.get("surveyed_on"))
	}
	for _, r := range readTable(t, dir, "service_points") {
		unit("service_points", r.get("code"), "commune", r.get("commune_code"), r.get("opened_on"))
	}
	teams := map[string]record{}
	for _, r := range readTable(t, dir, "teams") {
		if teams[r.get("code")].cells != nil {
			t.Errorf("team %s is there twice", r.get("code"))
		}
		teams[r.get("code")] = r
		unit("teams", r.get("code"), r.get("level"), r.get("unit_code"), r.get("established_on"))
	}
	for _, r := range readTable(t, dir, "team_service") {
		unit("team_service", r.get("team_code"), r.get("level"), r.get("unit_code"), r.get("from_on"))
		if team := teams[r.get("team_code")]; team.cells == nil || !team.on("established_on", "dissolved_on", r.get("from_on")) {
			t.Errorf("team %s serves from %s on, when it isn't at work", r.get("team_code"), r.get("from_on"))
		}
	}
	members := map[string]bool{}
	for _, r := range readTable(t, dir, "members") {
		if members[r.get("code")] || teams[r.get("team_code")].cells == nil {
			t.Errorf("member %s of team %s is there twice or of no team", r.get("code"), r.get("team_code"))
		}
		members[r.get("code")] = true
	}
	households := map[string]record{}
	for _, r := range readTable(t, dir, "households") {
		if households[r.get("code")].cells != nil {
			t.Errorf("household %s is there twice", r.get("code"))
		}
		households[r.get("code")] = r
		if key := r.get("address_scheme") + r.get("address_code"); key != "" && !addresses[key] {
			t.Errorf("household %s names the address %s, which isn't there", r.get("code"), key)
		}
		unit("households", r.get("code"), "commune", r.get("commune_code"), r.get("registered_on"))
		unit("households", r.get("code"), "hamlet", r.get("hamlet_code"), r.get("registered_on"))
	}
	visits := map[string]bool{}
	for _, r := range readTable(t, dir, "visits") {
		h, team := households[r.get("household_code")], teams[r.get("team_code")]
		d := r.get("visited_on")
		if visits[r.get("code")] || h.cells == nil || team.cells == nil || !h.on("registered_on", "ended_on", d) ||
			!team.on("established_on", "dissolved_on", d) || d > "2026-10-31" {
			t.Fatalf("visit %s of %s by %s on %s is there twice, of nobody or out of time", r.get("code"), r.get("household_code"), r.get("team_code"), d)
		}
		visits[r.get("code")] = true
	}
	adoptions := map[string]bool{}
	for _, r := range readTable(t, dir, "adoptions") {
		key := r.get("household_code") + r.get("service_code") + r.get("adopted_on")
		h := households[r.get("household_code")]
		if adoptions[key] || h.cells == nil || r.get("adopted_on") < h.get("registered_on") || r.get("ended_on") != "" && r.get("ended_on") <= r.get("adopted_on") {
			t.Fatalf("adoption %s is there twice, of nobody or out of time", key)
		}
		adoptions[key] = true
	}
}
