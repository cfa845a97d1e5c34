package graph_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"vunglom/bundle"
	"vunglom/db/dbtest"
	"vunglom/graph"
)

// TestWhatIsWrittenHasTheContractsFields: an input has the columns of its table, required where these are.
func TestWhatIsWrittenHasTheContractsFields(t *testing.T) {
	t.Parallel()
	types := parseSchema(t, filepath.Join("..", "schema.graphqls")).Definitions
	for input, table := range map[string]string{"VisitInput": "visits", "HouseholdInput": "households", "AdoptionInput": "adoptions", "TeamInput": "teams",
		"MemberInput": "members", "ReportInput": "reports", "AddressInput": "addresses"} {
		var want, got []string
		for _, c := range bundle.TableNamed(table).Columns {
			name := regexp.MustCompile("_.").ReplaceAllStringFunc(c.Name, func(s string) string { return strings.ToUpper(s[1:]) })
			want = append(want, fmt.Sprintf("%s required %v", name, c.Required))
		}
		for _, f := range types.ForName(input).Fields {
			got = append(got, fmt.Sprintf("%s required %v", f.Name, f.Type.NonNull))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n%s\nthe table has\n%s", input, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// writes send an item by each mutation, the second of them wrong.
var writes = []struct{ name, argument, input, items string }{
	{"recordVisits", "visits", "VisitInput", `[{"code": "NV1", "householdCode": "HH001-2", "teamCode": "T001", "visitedOn": "2024-09-01", "outcome": "guided", "topics": ["vneid", "dich_vu_cong"]},
		{"code": "NV2", "householdCode": "nobody", "teamCode": "T001", "visitedOn": "2024-09-01", "outcome": "guided"}]`},
	{"registerHouseholds", "households", "HouseholdInput", `[{"code": "NH1", "addressScheme": "dia_chi_so", "addressCode": "0000000013", "persons": 4, "registeredOn": "2024-01-01"},
		{"code": "NH2", "registeredOn": "01/02/2024"}]`},
	{"endHouseholds", "households", "HouseholdEndInput", `[{"code": "HH001-0", "endedOn": "2024-09-01"}, {"code": "nobody", "endedOn": "2024-09-01"}]`},
	{"recordAdoptions", "adoptions", "AdoptionInput", `[{"householdCode": "HH001-1", "serviceCode": "dvc", "adoptedOn": "2024-09-02"}, {"householdCode": "HH001-1", "serviceCode": "none", "adoptedOn": "2024-09-02"}]`},
	{"upsertTeams", "teams", "TeamInput", `[{"code": "T001", "name": "Tổ ấp một", "level": "HAMLET", "kind": "cnscd", "unitCode": "H-001", "establishedOn": "2022-01-01", "lon": 105.005, "lat": 9.03},
		{"code": "TX", "name": "Tổ", "level": "HAMLET", "kind": "team", "unitCode": "H-001", "establishedOn": "2022-01-01"}]`},
	{"upsertMembers", "members", "MemberInput", `[{"code": "M001A", "teamCode": "T001", "role": "deputy", "joinedOn": "2022-01-01"}, {"code": "MX", "teamCode": "none", "role": "lead", "joinedOn": "2022-01-01"}]`},
	{"submitReports", "reports", "ReportInput", `[{"level": "PROVINCE", "unitCode": "96", "measure": "households_guided", "value": 200000.5, "qualifier": "GTE", "asOf": "2024-08-31", "source": "write"},
		{"level": "PROVINCE", "unitCode": "95", "measure": "households_guided", "value": 1, "qualifier": "EQ", "asOf": "2024-08-31", "source": "write"}]`},
	{"upsertAddresses", "addresses", "AddressInput", `[{"scheme": "dia_chi_so", "code": "0000000013", "lon": 105.0051, "lat": 9.0501, "kind": "household", "label": null}, {"scheme": "local", "code": "x", "lon": 9.05, "lat": 105, "kind": "household"}]`},
}

// TestWrite sends items by every mutation, twice, and asks for what follows from them.
func TestWrite(t *testing.T) {
	t.Parallel()
	d := imported(t)
	h := graph.NewHandler(d, generous())
	send := func(name, argument, input, mode, items string) map[string]any {
		var list any
		if err := json.Unmarshal([]byte(items), &list); err != nil {
			t.Fatal(err)
		}
		query := fmt.Sprintf(`mutation ($items: [%s!]!) {%s(province: "96", %s: $items, mode: %s) {snapshot inserted updated unchanged rejected items {index outcome problems {code field value kept sentenceVi sentenceEn}}}}`, input, name, argument, mode)
		return answered(t, h, query, map[string]any{"items": list}).Data[name].(map[string]any)
	}
	guided := func() any {
		a := answered(t, h, `{adminUnit(level: HAMLET, code: "H-001", asOf: "2024-09-30") {coverage {guided attempted notVisited unknown}}}`, nil)
		return a.Data["adminUnit"].(map[string]any)["coverage"].(map[string]any)["guided"]
	}
	if before := guided(); before != 1.0 {
		t.Fatalf("guided before: %v", before)
	}
	for _, w := range writes {
		all := send(w.name, w.argument, w.input, "ALL_OR_NOTHING", w.items)
		if all["rejected"] != 2.0 || all["snapshot"] != nil {
			t.Errorf("%s, all or nothing: %v", w.name, all)
		}
		each := send(w.name, w.argument, w.input, "EACH", w.items)
		if each["rejected"] != 1.0 || each["inserted"].(float64)+each["updated"].(float64) != 1 || each["snapshot"] == nil {
			t.Errorf("%s, each: %v", w.name, each)
		}
		if again := send(w.name, w.argument, w.input, "EACH", w.items); again["unchanged"] != 1.0 || again["rejected"] != 1.0 || again["snapshot"] != each["snapshot"] {
			t.Errorf("%s, again: %v, after %v", w.name, again, each["snapshot"])
		}
	}
	if after := guided(); after != 1.0 { // HH001-2 has come, HH001-0 has gone
		t.Errorf("guided after: %v", after)
	}
	a := answered(t, h, `mutation {recordVisits(province: "96", visits: {code: "NV1", householdCode: "HH001-2", teamCode: "T001", visitedOn: "2024-09-01", outcome: "declined"}) {updated}}`, nil)
	if a.Data["recordVisits"].(map[string]any)["updated"] != 1.0 || guided() != 0.0 {
		t.Errorf("a corrected visit: %v, guided %v", a.Data, guided())
	}
	broken, err := d.Verify(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range broken {
		t.Errorf("%+v", rule)
	}
}

// TestAWriteCostsByItsItems: whoever sends many spends more.
func TestAWriteCostsByItsItems(t *testing.T) {
	t.Parallel()
	o := options()
	o.Limits.Cost = 400
	h := graph.NewHandler(dbtest.New(t), o)
	items := make([]any, 40)
	for i := range items {
		items[i] = map[string]any{"code": fmt.Sprint(i), "householdCode": "nobody", "teamCode": "T001", "visitedOn": "2024-09-01", "outcome": "guided"}
	}
	a := ask(t, h, `mutation ($items: [VisitInput!]!) {recordVisits(province: "96", visits: $items) {rejected}}`, map[string]any{"items": items})
	if len(a.Errors) != 1 || a.Errors[0].Extensions.Code != "TOO_COSTLY" {
		t.Errorf("%+v", a.Errors)
	}
}

// TestWriteWhileAnImportGoesOn: who has no time left to wait for the province is asked to send the same again, and when.
func TestWriteWhileAnImportGoesOn(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t)
	o := options()
	o.Limits.Timeout = 1900 * time.Millisecond
	h := graph.NewHandler(opened(t, url), o)
	tx, err := dbtest.SQL(t, url).BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(t.Context(), "select pg_advisory_xact_lock(hashtextextended('vunglom import 96', 0))"); err != nil {
		t.Fatal(err)
	}
	a := asked(t, served(t, h, importerOf("96")), `mutation {recordVisits(province: "96", visits: [{code: "V", householdCode: "H", teamCode: "T", visitedOn: "2024-09-01", outcome: "guided"}]) {snapshot}}`)
	if len(a.Errors) != 1 || a.Errors[0].Extensions.Code != "BUSY" || a.Errors[0].Extensions.RetryAfter != 5 || !strings.Contains(a.Errors[0].Message, "in 5 seconds") {
		t.Errorf("%+v", a)
	}
}
