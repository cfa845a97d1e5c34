package graph_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"vunglom/access"
	"vunglom/graph"
)

// selector writes selections of everything that a type has.
type selector struct {
	types ast.DefinitionList
	text  strings.Builder
}

// all selects every field of a type, and of the types below it; a type that is above already
// is left out, so that units of units end. Fields are named with their type: those of two kinds
// of Node may have one name and two types.
func (s *selector) all(typeName string, above []string) {
	definition, path := s.types.ForName(typeName), append(above, typeName)
	s.text.WriteString("{__typename")
	for _, each := range s.types {
		if slices.Contains(each.Interfaces, typeName) {
			fmt.Fprintf(&s.text, " ... on %s ", each.Name)
			s.all(each.Name, path)
		}
	}
	for _, field := range definition.Fields {
		below := s.types.ForName(field.Type.Name())
		switch {
		case below == nil || below.Kind == ast.Scalar || below.Kind == ast.Enum:
			fmt.Fprintf(&s.text, " %[1]s_%[2]s: %[2]s", typeName, field.Name)
		case !slices.Contains(path, below.Name):
			fmt.Fprintf(&s.text, " %[1]s_%[2]s: %[2]s%[3]s ", typeName, field.Name, arguments[typeName+"."+field.Name])
			s.all(below.Name, path)
		}
	}
	s.text.WriteString("}")
}

// arguments are those with which the entry points, and fields that need some, are asked about the fixture.
var arguments = map[string]string{
	"QualityCheck.units":   `(level: HAMLET)`,
	"planTeams":            `(input: {asOf: $day, teams: 5, capacity: 40, keepExisting: false, candidates: ADDRESSES})`,
	"minimumTeams":         `(input: {asOf: $day, teams: 200, demand: ALL_HOUSEHOLDS}, share: 0.5)`,
	"node":                 `(id: "dGVhbTo5NjpUMDAx")`,
	"nodes":                `(ids: ["dW5pdDo5Njpwcm92aW5jZTo5NjoyMDIwLTAxLTAx", "dGVhbTo5NjpUMDAx", "YWRkcmVzczo5NjpkaWFfY2hpX3NvOjAwMDAwMDAwMTE"])`,
	"adminUnit":            `(level: PROVINCE, code: "96", asOf: $day)`,
	"adminUnits":           `(within: {level: PROVINCE, code: "96"}, asOf: $day, first: 30)`,
	"locate":               `(position: {longitude: 105.025, latitude: 9.05}, asOf: $day)`,
	"search":               `(text: "khánh an", asOf: $day)`,
	"me":                   ``,
	"datasets":             ``,
	"services":             ``,
	"auditLog":             `(first: 3)`,
	"importJob":            `(id: "1")`,
	"importJobs":           `(province: "96")`,
	"coverageMap":          `(input: {level: COMMUNE, asOf: $day, zoom: 8})`,
	"coverageGaps":         `(asOf: $day, first: 20)`,
	"addresses":            `(within: {level: PROVINCE, code: "96"}, asOf: $day, first: 20)`,
	"challenges":           `(within: {level: PROVINCE, code: "96"}, first: 20)`,
	"dataQuality":          `(within: {level: PROVINCE, code: "96"}, asOf: $day)`,
	"gapAreas":             `(asOf: $day, distanceMetres: 1200, minHouseholds: 2)`,
	"nearestServicePoints": `(position: {longitude: 105.025, latitude: 9.05}, asOf: $day)`,
	"whatIf":               `(unit: {level: PROVINCE, code: "96"}, asOf: $day, teams: [{position: {longitude: 105, latitude: 9}, members: 3, serves: [{level: PROVINCE, code: "96"}]}])`,
	"coverageTrend":        `(unit: {level: PROVINCE, code: "96"}, from: "2021-01-01", to: $day, step: YEAR)`,
	"decomposition":        `(unit: {level: PROVINCE, code: "96"}, from: "2021-01-01", to: $day)`,
	"nearestTeams":         `(position: {longitude: 105.025, latitude: 9.05}, asOf: $day)`,

	"snapshotChanged": `(after: "96-0", asOf: $day)`,
	"importProgress":  `(province: "96")`,

	"reports":        `(unit: {level: PROVINCE, code: "96"}, measure: "households_guided", asOf: $day)`,
	"reconciliation": `(unit: {level: PROVINCE, code: "96"}, asOf: $day)`,
}

// testEverything asks every entry point for every field, on days of every era.
func testEverything(t *testing.T, h http.Handler) {
	s := &selector{types: parseSchema(t, filepath.Join("..", "schema.graphqls")).Definitions}
	for _, entry := range s.types.ForName("Query").Fields {
		query := s.entry(t, "query", entry)
		for _, day := range []string{"2022-01-01", "2023-03-02", "2024-09-30", "2025-06-30", "2025-07-01", "2026-10-31"} {
			a := answered(t, h, query, map[string]any{"day": day})
			if a.Data[entry.Name] == nil {
				t.Errorf("%s on %s is null", entry.Name, day)
			}
		}
	}
}

// entry writes an operation that asks an entry point for everything.
func (s *selector) entry(t *testing.T, operation string, entry *ast.FieldDefinition) string {
	t.Helper()
	given, known := arguments[entry.Name]
	if !known {
		t.Errorf("the entry point %s is asked by no test", entry.Name)
	}
	s.text.Reset()
	s.all(entry.Type.Name(), nil)
	variables := ""
	if strings.Contains(given, "$day") {
		variables = "($day: Date!) "
	}
	return operation + " " + variables + "{" + entry.Name + given + s.text.String() + "}"
}

// testSubscriptions asks every subscription for every field, and imports until each has been sent something.
func testSubscriptions(t *testing.T, h http.Handler, importAgain func()) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r.WithContext(access.With(r.Context(), access.Local())))
	}))
	defer server.Close()
	s := &selector{types: parseSchema(t, filepath.Join("..", "schema.graphqls")).Definitions}
	for _, entry := range s.types.ForName("Subscription").Fields {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		body, err := json.Marshal(map[string]any{"query": s.entry(t, "subscription", entry), "variables": map[string]any{"day": fixtureDay}})
		if err != nil {
			t.Fatal(err)
		}
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", "text/event-stream")
		response, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		sent := make(chan string, 1)
		go func() {
			defer close(sent)
			for lines := bufio.NewScanner(response.Body); lines.Scan(); {
				if data, is := strings.CutPrefix(lines.Text(), "data: "); is {
					sent <- data
					return
				}
			}
		}()
		data := ""
		for data == "" && ctx.Err() == nil {
			importAgain() // the first may be over before anybody listens
			select {
			case data = <-sent:
			default:
			}
		}
		if strings.Contains(data, `"errors"`) || !strings.Contains(data, `"`+entry.Name+`":{"`) {
			t.Errorf("%s: %s", entry.Name, data)
		}
		cancel()
		_ = response.Body.Close()
	}
}

// generous are options whose limits no test of contents meets.
func generous() graph.Options {
	o := options()
	o.Limits = graph.Limits{BodyBytes: 10 << 20, Tokens: 1_000_000, Depth: 50, Aliases: 100_000, Cost: 1 << 30, Timeout: time.Minute}
	return o
}
