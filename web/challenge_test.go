package web_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"testing"

	"vunglom/auth/authtest"
	"vunglom/db/dbtest"
	"vunglom/graph"
	"vunglom/web"
)

// TestWhoDisputes: somebody of a team, the system through which teams report, an officer and a citizens' system, each with a token of a real provider, open
// challenges of every kind, with words and a point; another officer pages through them, accepts and rejects; who opened them learns what came of it and why.
func TestWhoDisputes(t *testing.T) {
	t.Parallel()
	d, url := demoed(t)
	var hamlet, commune string
	sql := dbtest.SQL(t, url)
	if err := sql.QueryRowContext(t.Context(), `select h.code, c.code from address a join place_period i on i.province = a.province and i.place_id = a.place_id and i.period @> current_date
		join unit h on h.id = i.hamlet_id join unit c on c.id = i.commune_id group by 1, 2 order by count(*) desc, 1 limit 1`).Scan(&hamlet, &commune); err != nil {
		t.Fatal(err)
	}
	type row struct {
		scheme, code, household, team string
		lon, lat                      float64
	}
	var at []row // addresses of the hamlet with one household on the register
	rows, err := sql.QueryContext(t.Context(), `select a.scheme, a.code, min(h.code), (select min(code) from team), st_x(a.position), st_y(a.position)
		from address a join place_period i on i.place_id = a.place_id and i.period @> current_date join unit u on u.id = i.hamlet_id and u.code = $1
		join household h on h.address_scheme = a.scheme and h.address_code = a.code and h.ended_on is null and h.registered_on < '2026-01-01' and h.place_id = a.place_id
		group by a.province, a.scheme, a.code having count(*) = 1 order by a.code limit 5`, hamlet)
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.scheme, &r.code, &r.household, &r.team, &r.lon, &r.lat); err != nil {
			t.Fatal(err)
		}
		at = append(at, r)
	}
	if err := rows.Err(); err != nil || len(at) != 5 {
		t.Fatalf("%v, %d addresses in %s", err, len(at), hamlet)
	}

	in := func(role, unit string) map[string]any {
		return map[string]any{"roles": []string{role}, "units": []string{unit}}
	}
	p := authtest.Start(t, authtest.Known{Dashboard: "dashboard",
		Accounts: map[string]map[string]any{"to-vien": in("officer", "HAMLET:96/"+hamlet), "can-bo": in("officer", "COMMUNE:"+commune), "pho-ban": in("officer", "COMMUNE:"+commune)},
		Systems:  map[string]authtest.System{"phan-mem-to": {Secret: "of the teams"}, "cong-dan": {Secret: "of the citizens' portal"}}})
	_, callers := authtest.Callers(t, authtest.Claims+`, systems: {phan-mem-to: {role: importer, units: ["PROVINCE:96"]}, cong-dan: {role: platform, units: ["PROVINCE:96"]}}`, p)
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	h := web.New(web.Options{DB: d, Log: log, Callers: callers, GraphQL: graph.NewHandler(d, graph.Options{Log: log})})
	tokens := map[string]string{"to-vien": p.Person(t, "to-vien"), "can-bo": p.Person(t, "can-bo"), "pho-ban": p.Person(t, "pho-ban"), "phan-mem-to": p.System(t, "phan-mem-to", ""), "cong-dan": p.System(t, "cong-dan", "")}
	ask := func(who, query string) map[string]any {
		t.Helper()
		body, err := json.Marshal(map[string]string{"query": query})
		if err != nil {
			t.Fatal(err)
		}
		w := do(t, h, http.MethodPost, "/graphql", string(body), "Content-Type", "application/json", "Authorization", "Bearer "+tokens[who])
		var a struct {
			Data   map[string]any
			Errors []any
		}
		if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || a.Errors != nil {
			t.Fatalf("%s: %s: %v: %s", who, query, err, w.Body)
		}
		for _, answer := range a.Data {
			return answer.(map[string]any)
		}
		return nil
	}

	openers, kinds := []string{"to-vien", "phan-mem-to", "can-bo", "cong-dan"}, []string{"NOT_A_HOUSE", "NOBODY_LIVES_THERE", "WRONG_PLACE", "ALREADY_GUIDED", "DUPLICATE"}
	open := func(who, kind string) map[string]any {
		t.Helper()
		r := at[slices.Index(kinds, kind)]
		about := fmt.Sprintf("addressScheme: %q, addressCode: %q", r.scheme, r.code)
		switch household := fmt.Sprintf("householdCode: %q", r.household); {
		case kind == "NOBODY_LIVES_THERE" && who != "cong-dan": // whose household it is a citizens' system does not know
			about = household
		case kind == "ALREADY_GUIDED":
			if who != "cong-dan" {
				about = household
			}
			about += fmt.Sprintf(", teamCode: %q, day: \"2026-02-03\"", r.team)
		case kind == "DUPLICATE":
			about += fmt.Sprintf(", otherScheme: %q, otherCode: %q", at[0].scheme, at[0].code)
		}
		return ask(who, fmt.Sprintf(`mutation {openChallenge(province: "96", challenge: {kind: %s, %s, evidence: "Đã đến tận nơi xem", point: {longitude: %.7f, latitude: %.7f}}) {outcome id status reason snapshot problems {code field sentenceVi}}}`, kind, about, r.lon+1e-5, r.lat))
	}
	ids := map[string]string{}
	for _, who := range openers {
		for _, kind := range kinds {
			done := open(who, kind)
			if done["outcome"] != "INSERTED" || done["status"] != "OPEN" || done["reason"] != nil {
				t.Fatalf("%s %s: %v", who, kind, done)
			}
			ids[who+" "+kind] = done["id"].(string)
		}
	}

	listed := map[string]map[string]any{}
	for after := ""; ; {
		page := ask("pho-ban", fmt.Sprintf(`{challenges(within: {level: COMMUNE, code: %q}, first: 6, after: %q) {totalCount pageInfo {hasNextPage endCursor} nodes {id kind evidence point history {action subject system}}}}`, commune, after))
		if page["totalCount"] != 20.0 {
			t.Fatalf("%v challenges", page["totalCount"])
		}
		for _, node := range page["nodes"].([]any) {
			n := node.(map[string]any)
			listed[n["id"].(string)] = n
		}
		info := page["pageInfo"].(map[string]any)
		if info["hasNextPage"] == false {
			break
		}
		after = info["endCursor"].(string)
	}
	for name, id := range ids {
		var who, kind string
		fmt.Sscan(name, &who, &kind)
		n := listed[id]
		if n == nil || n["kind"] != kind || n["evidence"] != "Đã đến tận nơi xem" || n["point"] == nil {
			t.Fatalf("%s: %v", name, n)
		}
		if step := n["history"].([]any)[0].(map[string]any); step["action"] != "OPENED" || step["subject"] != who || step["system"] != slices.Contains([]string{"phan-mem-to", "cong-dan"}, who) {
			t.Errorf("%s was opened by %v", name, step)
		}
	}

	resolve := func(who, name, decision string) map[string]any {
		t.Helper()
		return ask(who, fmt.Sprintf(`mutation {resolveChallenge(id: %q, %s) {outcome status reason snapshot problems {code}}}`, ids[name], decision))
	}
	for _, step := range []struct{ who, name, decision, outcome, status string }{
		{"pho-ban", "to-vien NOT_A_HOUSE", `decision: REJECT`, "REJECTED", "<nil>"}, // why?
		{"pho-ban", "to-vien NOT_A_HOUSE", `decision: REJECT, reason: "Có nhà"`, "UPDATED", "REJECTED"},
		{"can-bo", "can-bo WRONG_PLACE", `decision: ACCEPT`, "REJECTED", "OPEN"}, // one's own
		{"to-vien", "cong-dan WRONG_PLACE", `decision: ACCEPT, reason: "Đúng"`, "UPDATED", "ACCEPTED"},
		{"pho-ban", "phan-mem-to ALREADY_GUIDED", `decision: ACCEPT`, "UPDATED", "ACCEPTED"},
		{"pho-ban", "can-bo NOBODY_LIVES_THERE", `decision: ACCEPT`, "UPDATED", "ACCEPTED"},
		{"pho-ban", "cong-dan DUPLICATE", `decision: REJECT, reason: "Hai nhà khác nhau"`, "UPDATED", "REJECTED"},
	} {
		done := resolve(step.who, step.name, step.decision)
		if done["outcome"] != step.outcome || fmt.Sprint(done["status"]) != step.status || (done["snapshot"] != nil) != (step.outcome+step.status == "UPDATEDACCEPTED") {
			t.Errorf("%s: %s %s: %v", step.who, step.name, step.decision, done)
		}
	}
	for name, want := range map[string]string{"to-vien NOT_A_HOUSE": "REJECTED Có nhà", "cong-dan WRONG_PLACE": "ACCEPTED Đúng", "cong-dan DUPLICATE": "REJECTED Hai nhà khác nhau", "phan-mem-to ALREADY_GUIDED": "ACCEPTED <nil>", "cong-dan NOT_A_HOUSE": "OPEN <nil>"} {
		var who, kind string
		fmt.Sscan(name, &who, &kind)
		if done := open(who, kind); done["outcome"] != "UNCHANGED" || fmt.Sprint(done["status"], " ", done["reason"]) != want || done["id"] != ids[name] {
			t.Errorf("%s learns %v, want %s", name, done, want)
		}
	}
	var moved, visits, living int
	if err := sql.QueryRowContext(t.Context(), `select (select count(*) from address where code = $1 and abs(st_x(position) - $2) < 1e-9), (select count(*) from visit where household_code = $3 and visited_on = '2026-02-03' and outcome = 'guided'),
		(select count(*) from household where code = $4 and ended_on is null)`, at[2].code, at[2].lon+1e-5, at[3].household, at[1].household).Scan(&moved, &visits, &living); err != nil || moved != 1 || visits != 1 || living != 0 {
		t.Errorf("%v: %d moved, %d visits, %d live there", err, moved, visits, living)
	}
	broken, err := d.Verify(t.Context(), nil)
	if err != nil || len(broken) > 0 {
		t.Errorf("%v %+v", err, broken)
	}
}
