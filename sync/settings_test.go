package sync_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"vunglom/sync"
)

// TestSettingsThatAreWrong: each says the file, the line, the key, the value and what to do, and shows no secret.
func TestSettingsThatAreWrong(t *testing.T) {
	t.Parallel()
	const good = `keepDays: 7
sources:
  - name: luot
    protocol: wso2
    url: https://lgsp.example.org/luot/v1
    schedule: "30 2 * * *"
    token: {url: "https://lgsp.example.org/token", id: vunglom, secret: {env: LGSP_SECRET}}
    bundle: {province: "96"}
    table: visits
    columns:
      code: ma
      household_code: ho
      team_code: {constant: T1}
      visited_on: {field: ngay, date: dd/MM/yyyy}
      outcome: {field: kq, codes: {"1": guided}}
`
	if _, err := load(t, good); err != nil {
		t.Fatal(err)
	}
	for change, want := range map[string][]string{
		"keepDays: 7→keepDays: -1":                                                                 {"sync.yaml:1:", "keepDays", "-1", "0 to 3650"},
		"name: luot→name: Lượt":                                                                    {"sync.yaml:3:", "sources[0].name", "Lượt", "small letters"},
		"protocol: wso2→protocol: soap":                                                            {":4:", "sources[0].protocol", "soap", "wso2, access-key, session, open"},
		"protocol: wso2→protocol: session":                                                         {":3:", "sources[0].session", "needs it"},
		"protocol: wso2→protocol: open":                                                            {":7:", "sources[0].token", "take it out"},
		"https://lgsp.example.org/luot→http://10.0.0.1/luot":                                       {":5:", "sources[0].url", "http://10.0.0.1", "https://"},
		"/luot/v1→/luot/v1?key=SECRET":                                                             {":5:", "sources[0].url", "query"},
		"https://lgsp.example.org/luot→https://a:SECRET@lgsp.example.org/luot":                     {":5:", "sources[0].url"},
		`"30 2 * * *"→"0 0 30 2 *"`:                                                                {":6:", "sources[0].schedule", "0 0 30 2 *", "never comes"},
		"    table:→    pages: {by: page, parameter: p, first: -1}\n    table:":                    {":9:", "sources[0].pages.first", "-1", "0 or more"},
		`"30 2 * * *"→"at night"`:                                                                  {":6:", "sources[0].schedule", "at night", "@every 6h"},
		"secret: {env: LGSP_SECRET}→secret: SECRET":                                                {"[7]", "{env: VARIABLE}"},
		"secret: {env: LGSP_SECRET}→secret: {value: SECRET}":                                       {"[7]", "{env: VARIABLE}"},
		", secret: {env: LGSP_SECRET}→":                                                            {":7:", "sources[0].token.secret"},
		"id: vunglom→id: vunglom, in: cookie":                                                      {":7:", "sources[0].token.in", "cookie", "basic or body"},
		"table: visits→table: visit":                                                               {":9:", "sources[0].table", "visits"},
		"code: ma→codes: ma":                                                                       {":11:", "sources[0].columns.codes", "household_code"},
		"      code: ma\n→":                                                                        {":10:", "sources[0].columns.code", "needs this column"},
		"{constant: T1}→{constant: T1, field: to}":                                                 {":13:", "sources[0].columns.team_code", "either"},
		"code: ma→code: {field: ma, optional: true}":                                               {":11:", "sources[0].columns.code.optional", "needs this column"},
		"    table:→    headers: {Authorization: Bearer SECRET}\n    table:":                       {":9:", "sources[0].headers.Authorization", "{env: VARIABLE}"},
		"    table:→    headers: {lgspaccesstoken: SECRET}\n    table:":                            {":9:", "sources[0].headers.lgspaccesstoken", "{env: VARIABLE}"},
		"    table:→    headers: {cookie: SECRET}\n    table:":                                     {":9:", "sources[0].headers.cookie", "{env: VARIABLE}"},
		"    table:→    query: {access_token: SECRET}\n    table:":                                 {":9:", "sources[0].query.access_token", "servers log addresses"},
		"    table:→    query: {apikey: SECRET}\n    table:":                                       {":9:", "sources[0].query.apikey", "servers log addresses"},
		"    table:→    method: POST\n    body: {a: {pass_word: x, mat_khau: SECRET}}\n    table:": {":10:", "sources[0].body.a.mat_khau", "{env: VARIABLE}"},
		"    table:→    method: POST\n    body: {a: [{ApiKey: SECRET}]}\n    table:":               {":10:", "sources[0].body.a[0].ApiKey", "{env: VARIABLE}"},
		"    table:→    method: POST\n    body: {token: [SECRET]}\n    table:":                     {":10:", "sources[0].body.token", "{env: VARIABLE}"},
		"    table:→    scope: {units: [\"XA:1\"]}\n    table:":                                    {":9:", "sources[0].scope.units[0]", "XA:1", "COMMUNE:32041"},
		"dd/MM/yyyy→d/m/y":                                                                         {":14:", "sources[0].columns.visited_on.date", "d/m/y"},
		"field: kq, codes→field: kq, number: local, codes":                                         {":15:", "sources[0].columns.outcome"},
		"    table:→    pages: {by: line}\n    table:":                                             {":9:", "sources[0].pages.by", "line"},
		"    table:→    success: {field: code}\n    table:":                                        {":9:", "sources[0].success.values"},
		"    table:→    scope: {field: xa}\n    table:":                                            {":9:", "sources[0].scope"},
		`province: "96"→province: ""`:                                                              {":8:", "sources[0].bundle.province"},
		"    table:→    passwort: SECRET\n    table:":                                              {"[9:", "passwort"},
	} {
		from, to, _ := strings.Cut(change, "→")
		text := strings.Replace(good, from, to, 1)
		if text == good {
			t.Errorf("%s changes nothing", change)
		}
		_, err := load(t, text)
		for _, word := range append(want, "sync.yaml") {
			if err == nil || !strings.Contains(err.Error(), word) {
				t.Errorf("%s: %v; want %q", change, err, word)
			}
		}
		if err != nil && strings.Contains(err.Error(), "SECRET") && !strings.Contains(err.Error(), "VARIABLE") {
			t.Errorf("%s: the secret is told: %v", change, err)
		}
	}
	_, err := load(t, strings.NewReplacer("protocol: wso2", "protocol: session\n    session: {url: 'https://ndxp.example.org', body: {user: a, password: SECRET}}", "    token: {", "    #").Replace(good))
	if err == nil || !strings.Contains(err.Error(), "session.body.password") || strings.Contains(err.Error(), "SECRET") {
		t.Errorf("a plain password: %v", err)
	}
	s, err := load(t, good)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Begin(s.Sources[0], t.TempDir(), noon, nil); err == nil || !strings.Contains(err.Error(), "LGSP_SECRET") {
		t.Errorf("a variable that is not set: %v", err)
	}
	if _, err := s.Find([]string{"other"}); err == nil || !strings.Contains(err.Error(), "luot") {
		t.Errorf("a source that is not there: %v", err)
	}
}

// TestExample: what docs/ shows is read.
func TestExample(t *testing.T) {
	t.Parallel()
	s, err := sync.Load("../docs/sync.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var protocols []string
	for _, source := range s.Sources {
		if !slices.Contains(protocols, source.Protocol) {
			protocols = append(protocols, source.Protocol)
		}
		if !strings.Contains(source.URL, "example.org") && !strings.Contains(source.URL, "localhost") {
			t.Errorf("%s names a host", source.URL)
		}
	}
	if slices.Sort(protocols); fmt.Sprint(protocols) != "[access-key open session wso2]" {
		t.Error(protocols)
	}
}
