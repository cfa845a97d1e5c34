package web_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vunglom/auth/authtest"
	"vunglom/graph"
	"vunglom/lgsp"
	"vunglom/web"
)

// lgspPage is a page of a list, as far as these tests look.
type lgspPage[T any] struct {
	Sender, Receiver *string
	Snapshot         string
	Items            []T
	TotalCount       int
	Next             *string
}

// lgspAll reads a list to its end, by pages of so many.
func lgspAll[T any](t *testing.T, h http.Handler, question string, first int) (items []T) {
	t.Helper()
	after := ""
	for {
		w := get(t, h, fmt.Sprintf("%s%s&first=%d%s", lgsp.Root, question, first, after), "Authorization", "Bearer +platform")
		var page lgspPage[T]
		if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil || w.Code != http.StatusOK {
			t.Fatalf("%s: %d %v %s", question, w.Code, err, w.Body)
		}
		items = append(items, page.Items...)
		if page.Next == nil {
			if len(items) != page.TotalCount || len(items) == 0 {
				t.Errorf("%s: %d items of %d", question, len(items), page.TotalCount)
			}
			return items
		}
		if len(page.Items) != first {
			t.Fatalf("%s: a page of %d", question, len(page.Items))
		}
		after = "&after=" + *page.Next
	}
}

// TestLGSPSaysWhatGraphQLSays: the same units, figures, gaps, teams and reports, in the same order, whatever the pages.
func TestLGSPSaysWhatGraphQLSays(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	type name struct{ Level, Code, FullName string }
	type figures struct {
		Basis                                              string
		Guided, Attempted, NotVisited, Ineligible, Unknown *int
		Share, ShareLow, ShareHigh, HouseholdsPerMember    *float64
		GapHouseholds                                      *int
		Addresses, Teams, Members                          int
		LastVisitOn                                        *string
	}
	type uptake struct {
		Service    struct{ Code string }
		Households int
		Share      *float64
	}
	const ofFigures = `basis guided attempted notVisited ineligible unknown share shareLow shareHigh householdsPerMember gapHouseholds addresses teams members lastVisitOn`
	var asked struct {
		Data struct {
			AdminUnits struct {
				Nodes []struct {
					name
					Coverage struct {
						figures
						Services []uptake
					}
				}
			}
			CoverageGaps struct {
				Nodes []struct {
					Unit          name
					GapHouseholds int
					Priority      float64
					Reasons       []string
					Coverage      figures
				}
			}
			AdminUnit struct {
				Teams struct {
					Nodes []struct {
						Code, Name  string
						MemberCount int
						Unit        name
						Serves      []name
					}
				}
			}
			Reports struct {
				Nodes []struct {
					Measure, Qualifier, AsOf string
					Value                    float64
					Unit                     name
				}
			}
		}
	}
	code, body := m.ask(t, "+platform", `{
		adminUnits(level: HAMLET, within: {level: COMMUNE, code: "32041"}, asOf: "2025-09-30", first: 1000) {nodes {level code fullName coverage {`+ofFigures+` services {service {code} households share}}}}
		coverageGaps(filter: {within: {level: COMMUNE, code: "32041"}, target: 0.9}, asOf: "2025-09-30", first: 1000) {nodes {unit {level code fullName} gapHouseholds priority reasons coverage {`+ofFigures+`}}}
		adminUnit(level: COMMUNE, code: "32041", asOf: "2025-09-30") {teams(first: 1000) {nodes {code name memberCount unit {level code fullName} serves {level code fullName}}}}
		reports(unit: {level: PROVINCE, code: "96"}, asOf: "2025-09-30", first: 1000) {nodes {measure value qualifier asOf unit {level code fullName}}}}`)
	if err := json.Unmarshal([]byte(body), &asked); err != nil || code != "" {
		t.Fatalf("%v %s", err, body)
	}
	same := func(what string, want any, got any) {
		t.Helper()
		wanted, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		given, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		if difference := cmp.Diff(string(wanted), string(given)); difference != "" {
			t.Errorf("%s: %s", what, difference)
		}
	}
	const of = "?asOf=2025-09-30&within=COMMUNE:32041"
	for _, first := range []int{2, 1000} {
		type covered struct {
			Unit     name
			Coverage figures
			Services []struct {
				Service    string
				Households int
				Share      *float64
			}
		}
		var units []any
		for _, item := range lgspAll[covered](t, m.h, "coverage"+of+"&level=hamlet", first) {
			units = append(units, map[string]any{"name": item.Unit, "figures": item.Coverage, "services": item.Services})
		}
		var want []any
		for _, n := range asked.Data.AdminUnits.Nodes {
			services := []any{}
			for _, s := range n.Coverage.Services {
				services = append(services, map[string]any{"Service": s.Service.Code, "Households": s.Households, "Share": s.Share})
			}
			want = append(want, map[string]any{"name": n.name, "figures": n.Coverage.figures, "services": services})
		}
		wanted, _ := json.Marshal(want)
		given, _ := json.Marshal(units)
		var a, b any
		if json.Unmarshal(wanted, &a) != nil || json.Unmarshal(given, &b) != nil || !cmp.Equal(a, b) {
			t.Errorf("coverage by %d: %s", first, cmp.Diff(a, b))
		}
		gaps := slices.Clone(asked.Data.CoverageGaps.Nodes)
		clear(gaps)
		same("gaps", asked.Data.CoverageGaps.Nodes, append(gaps[:0], lgspAll[struct {
			Unit          name
			GapHouseholds int
			Priority      float64
			Reasons       []string
			Coverage      figures
		}](t, m.h, "gaps"+of+"&target=0.9", first)...))
		type team struct {
			Code, Name string
			Members    int
			Unit       name
			Serves     []name
		}
		var teams []team
		for _, n := range asked.Data.AdminUnit.Teams.Nodes {
			teams = append(teams, team{n.Code, n.Name, n.MemberCount, n.Unit, n.Serves})
		}
		same("teams", teams, lgspAll[team](t, m.h, "teams"+of, first))
		same("reports", asked.Data.Reports.Nodes, lgspAll[struct {
			Measure, Qualifier, AsOf string
			Value                    float64
			Unit                     name
		}](t, m.h, "reports?asOf=2025-09-30&unit=PROVINCE:96", first))
	}
}

// TestSystemsComeWithClientCredentials: a token that a real provider gave a system for its secret opens what the settings say of that
// system, in its units; the answer tells whose the two are; without a token there is only what everybody may see.
func TestSystemsComeWithClientCredentials(t *testing.T) {
	t.Parallel()
	p := authtest.Start(t, authtest.Known{Dashboard: "dashboard", Systems: map[string]authtest.System{
		"so-khcn": {Secret: "a secret of the department"}, "thue": {Secret: "a secret of the tax office", Nameless: true}, "la": {Secret: "nobody's"}}})
	settings, callers := authtest.Callers(t, `systems: {so-khcn: {role: platform, units: ["PROVINCE:96"]}, thue: {role: platform, units: ["COMMUNE:32041"]}}`, p)
	file := filepath.Join(t.TempDir(), "lgsp.yaml")
	if err := os.WriteFile(file, []byte("agency: 000.00.00.H12\nconsumers: {so-khcn: {agency: 000.00.19.H12}, thue: {}}"), 0o600); err != nil {
		t.Fatal(err)
	}
	own, err := lgsp.Load(file, settings.System)
	if err != nil {
		t.Fatal(err)
	}
	d, _ := demoed(t)
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	h := web.New(web.Options{DB: d, Log: log, Callers: callers, LGSP: own, GraphQL: graph.NewHandler(d, graph.Options{Log: log})})
	tokens := map[string]string{"": "", "so-khcn": p.System(t, "so-khcn", ""), "thue": p.System(t, "thue", ""), "la": p.System(t, "la", ""), "other": p.System(t, "thue", "urn:other")}
	for _, c := range []struct {
		who, path string
		status    int
		holds     string
	}{
		{"so-khcn", "coverage?within=PROVINCE:96&asOf=2025-09-30", 200, `"sender":"000.00.00.H12","receiver":"000.00.19.H12"`},
		{"so-khcn", "gaps?within=COMMUNE:32044&asOf=2025-09-30", 200, `"reasons":["`},
		{"so-khcn", "coverage", 403, `within`},
		{"thue", "coverage?within=COMMUNE:32041&asOf=2025-09-30", 200, `"sender":"000.00.00.H12","receiver":null`},
		{"thue", "coverage?within=COMMUNE:32044&asOf=2025-09-30", 403, `"code":"FORBIDDEN"`},
		{"thue", "gaps?within=PROVINCE:96&asOf=2025-09-30", 403, `"code":"FORBIDDEN"`},
		{"la", "units?asOf=2025-09-30", 200, `"receiver":null`},
		{"la", "coverage?within=COMMUNE:32041&asOf=2025-09-30", 403, `platform`},
		{"", "units?asOf=2025-09-30", 200, `"items":[{`},
		{"", "coverage?within=COMMUNE:32041&asOf=2025-09-30", 401, `"code":"UNAUTHENTICATED"`},
		{"other", "units?asOf=2025-09-30", 401, `(aud)`},
	} {
		var header []string
		if c.who != "" {
			header = []string{"Authorization", "Bearer " + tokens[c.who]}
		}
		w := get(t, h, lgsp.Root+c.path, header...)
		keeps, kind := "private, no-cache", "application/json"
		if c.status != 200 {
			keeps, kind = "no-store", "application/problem+json"
		} else if c.who == "" {
			keeps = "public, no-cache"
		}
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.holds) || w.Header().Get("Cache-Control") != keeps || w.Header().Get("Content-Type") != kind {
			t.Errorf("%s as %q: %d %v %.400s", c.path, c.who, w.Code, w.Header(), w.Body)
		}
	}
}
