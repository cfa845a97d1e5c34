package bench

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"testing"
	"time"
)

//go:embed topic.sql
var topicSQL string

// workQueries are asked beside the topics, which alone have a hand-written statement to be held against.
var workQueries = []struct{ name, query string }{
	{"topics of one hamlet", `query ($day: Date!) { adminUnits(level: HAMLET, within: {level: PROVINCE, code: "96"}, asOf: $day, first: 1) { nodes { coverage { topics { topic households share } } } } }`},
	{"topics of 101 communes", `query ($day: Date!) { adminUnits(level: COMMUNE, within: {level: PROVINCE, code: "96"}, asOf: $day, first: 101) { nodes { coverage { topics { topic households share } } } } }`},
	{"a page of 50 teams with all that they answer for", `query ($day: Date!) { adminUnit(level: PROVINCE, code: "96", asOf: $day) { teams(first: 50) { nodes { code roles { role members } organizations { name members }
		membersTrained membersUntrained visitCount householdsGuided topics { topic households } householdsServed householdsPerMember } } } }`},
	{"`reconciliation` of the province", `query ($day: Date!) { reconciliation(unit: {level: PROVINCE, code: "96"}, asOf: $day) { measure asOf computed difference status report { value qualifier source } } }`},
}

// benchTeamwork measures what reads visits: topics and teams; and reconciliation, which asks for everything of one unit.
func benchTeamwork(b *testing.B, p *province) {
	conn, s := p.asked(b), serve(b, p)
	const title = "Topics, teams and reconciliation over HTTP"
	columns := []string{"question", "median", "by hand", "ratio"}
	body := question(b, `query ($day: Date!) { adminUnit(level: PROVINCE, code: "96", asOf: $day) { coverage { topics { topic households } } } }`, map[string]any{"day": day})
	var answer bytes.Buffer
	ours := func() time.Duration {
		return timed(func() {
			if err := s.ask(body, &answer); err != nil {
				b.Fatal(err)
			}
		})
	}
	type topic struct {
		Topic      string
		Households int
	}
	var counted []topic
	base := func() time.Duration {
		return timed(func() {
			counted = counted[:0]
			rows, err := conn.Query(b.Context(), topicSQL, "96", day)
			if err != nil {
				b.Fatal(err)
			}
			defer rows.Close()
			for rows.Next() {
				var t topic
				if err := rows.Scan(&t.Topic, &t.Households); err != nil {
					b.Fatal(err)
				}
				counted = append(counted, t)
			}
			if err := rows.Err(); err != nil {
				b.Fatal(err)
			}
		})
	}
	t := byTurns(b, 9, ours, base)
	var read struct {
		Data struct {
			AdminUnit struct{ Coverage struct{ Topics []topic } }
		}
	}
	if err := json.Unmarshal(answer.Bytes(), &read); err != nil {
		b.Fatal(err)
	}
	got := read.Data.AdminUnit.Coverage.Topics
	if len(got) != len(counted) || len(got) == 0 {
		b.Fatalf("HTTP has %v, SQL %v", got, counted)
	}
	for i := range got {
		if got[i] != counted[i] { // nobody of the demo province lies nowhere on that day
			b.Fatalf("HTTP has %v, SQL %v", got[i], counted[i])
		}
	}
	row(title, columns, "topics of the province", milliseconds(median(t.ours)), milliseconds(median(t.base)), against(t.ratio(), 0))
	for _, q := range workQueries {
		body := question(b, q.query, map[string]any{"day": day})
		var times []time.Duration
		for range 9 {
			times = append(times, timed(func() {
				if err := s.ask(body, &answer); err != nil {
					b.Fatal(err)
				}
			}))
		}
		row(title, columns, q.name, milliseconds(median(times)), "", "")
	}
}
