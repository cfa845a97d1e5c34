package graph_test

import (
	"net/http"
	"testing"
)

// testRefused: what is wrong with a query is said with its code, and nothing else is.
func testRefused(t *testing.T, h http.Handler) {
	for query, code := range map[string]string{
		`{adminUnits(first: 0) {totalCount}}`:                                                        "BAD_INPUT",
		`{adminUnits(first: 1001) {totalCount}}`:                                                     "BAD_INPUT",
		`{adminUnits(after: "nonsense") {totalCount}}`:                                               "BAD_INPUT",
		`{adminUnits(asOf: "30/09/2024") {totalCount}}`:                                              "BAD_INPUT",
		`{adminUnits(asOf: "2024-02-30") {totalCount}}`:                                              "BAD_INPUT",
		`{adminUnits(first: 99999999999999999999) {totalCount}}`:                                     "BAD_INPUT",
		`{adminUnits(bbox: {west: 106, south: 9, east: 105, north: 10}) {totalCount}}`:               "BAD_INPUT",
		`{adminUnits(bbox: {west: 105, south: 9, east: 190, north: 10}) {totalCount}}`:               "BAD_INPUT",
		`{adminUnits(within: {level: COMMUNE, code: "99999"}) {totalCount}}`:                         "NOT_FOUND",
		`{coverageGaps(filter: {within: {level: DISTRICT, code: "961"}}) {totalCount}}`:              "NOT_FOUND", // abolished
		`{coverageGaps(filter: {target: 1.5}) {totalCount}}`:                                         "BAD_INPUT",
		`{coverageGaps(filter: {teamReachMetres: -1}) {totalCount}}`:                                 "BAD_INPUT",
		`{coverageGaps(filter: {reasons: []}) {totalCount}}`:                                         "BAD_INPUT",
		`{coverageMap(input: {level: HAMLET, classes: 1}) {unitCount}}`:                              "BAD_INPUT",
		`{coverageMap(input: {level: HAMLET, zoom: 25}) {unitCount}}`:                                "BAD_INPUT",
		`{coverageMap(input: {level: HAMLET, measure: SERVICE_SHARE}) {unitCount}}`:                  "BAD_INPUT",
		`{coverageMap(input: {level: HAMLET, service: "dvc"}) {unitCount}}`:                          "BAD_INPUT",
		`{coverageMap(input: {level: HAMLET, measure: SERVICE_SHARE, service: "none"}) {unitCount}}`: "BAD_INPUT",
		`{locate(position: {longitude: 9, latitude: 105}) {hamlet {code}}}`:                          "BAD_INPUT",
		`{nearestTeams(position: {longitude: 105, latitude: 9}, first: 0) {distanceMetres}}`:         "BAD_INPUT",
		`{nearestServicePoints(position: {longitude: 105, latitude: 9}, first: 1001) {code}}`:        "BAD_INPUT",
		`{adminUnit(level: HAMLET, code: "H-001") {nearestTeams(first: 0) {distanceMetres}}}`:        "BAD_INPUT",
		`{gapAreas(distanceMetres: 0) {households}}`:                                                 "BAD_INPUT",
		`{gapAreas(minHouseholds: 0) {households}}`:                                                  "BAD_INPUT",
		`{gapAreas {areas(first: 0) {id}}}`:                                                          "BAD_INPUT",
		`{gapAreas(within: {level: DISTRICT, code: "961"}) {households}}`:                            "NOT_FOUND",
		`{dataQuality(kinds: []) {count}}`:                                                           "BAD_INPUT",
		`{dataQuality(kinds: ["holes"]) {count}}`:                                                    "BAD_INPUT",
		`{dataQuality(staleAfterMonths: -1) {count}}`:                                                "BAD_INPUT",
		`{dataQuality {cases(first: 0) {totalCount}}}`:                                               "BAD_INPUT",
		`{dataQuality {cases(after: "x") {totalCount}}}`:                                             "BAD_INPUT",
		`{dataQuality(within: {level: DISTRICT, code: "961"}) {count}}`:                              "NOT_FOUND",
		`{search(text: " ") {score}}`:                                                                "BAD_INPUT",
		`{node(id: "???") {id}}`:                                                                     "BAD_INPUT",
		`{nodes(ids: ["dW5pdDo5Ng"]) {id}}`:                                                          "BAD_INPUT",
		`{nonsense}`:                                                                                 "BAD_INPUT",
		`{`:                                                                                          "BAD_INPUT",
		`{adminUnits(first: 1000) {nodes {children(first: 1000) {nodes {code}}}}}`:                   "TOO_COSTLY",
		`{adminUnit(level: HAMLET, code: "H-001") {geometry(zoom: -1)}}`:                             "BAD_INPUT",
		`{adminUnit(level: HAMLET, code: "H-001") {children(first: 5000) {totalCount}}}`:             "BAD_INPUT",
		`{adminUnit(level: HAMLET, code: "H-001") {teams(after: "%") {totalCount}}}`:                 "BAD_INPUT",
		`{addresses(status: []) {totalCount}}`:                                                       "BAD_INPUT",
		`query ($d: Date) {adminUnits(asOf: $d) {totalCount}} query Other {datasets {asOf}}`:         "BAD_INPUT",
		`{adminUnit(level: HAMLET, code: "") {code}}`:                                                "BAD_INPUT",
		`{a: coverageMap(input: {level: WARD}) {unitCount}}`:                                         "BAD_INPUT",
	} {
		a := ask(t, h, query, nil)
		if len(a.Errors) == 0 || a.Errors[0].Extensions.Code != code || a.Errors[0].Message == "" {
			t.Errorf("%s\n got %+v, want %s", query, a.Errors, code)
		}
	}
}
