package bench

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"vunglom/db"
	"vunglom/db/dbtest"
)

const recordQuery = `mutation ($visits: [VisitInput!]!) {
  recordVisits(province: "96", visits: $visits) { snapshot inserted items { outcome } }
}`

// roundsOfWrites is how often each side of a write is timed.
const roundsOfWrites = 9

// writers makes visits that nobody has sent before, of one household after another that nobody has guided and none of whose neighbours at
// the address was: each changes a count.
type writers struct {
	households []string
	team       string
	last       time.Time // the day that the data are of
	prefix     string
	sent       int
}

func newWriters(b *testing.B, p *province, conn *pgx.Conn) *writers {
	b.Helper()
	w := &writers{last: p.asOf(b), prefix: fmt.Sprintf("BENCH%d-", time.Now().UnixNano())}
	must(b, conn.QueryRow(b.Context(), "select min(code) from team where active @> $1::date", w.last).Scan(&w.team))
	rows, err := conn.Query(b.Context(), `select h.code from household h
		where h.registered_on < $1 and h.ended_on is null and h.address_code is not null and not exists (
			select from household n join visit v on v.province = n.province and v.household_code = n.code
			where n.province = h.province and n.address_scheme = h.address_scheme and n.address_code = h.address_code and v.outcome = 'guided')
		order by md5(h.code)`, w.last.AddDate(0, -1, 0))
	must(b, err)
	w.households, err = pgx.CollectRows(rows, pgx.RowTo[string])
	must(b, err)
	return w
}

// visit is the next one. In a province so small that all households are guided meanwhile, it begins anew with the first.
func (w *writers) visit() map[string]any {
	household := w.households[w.sent%len(w.households)]
	w.sent++
	return map[string]any{"code": fmt.Sprint(w.prefix, w.sent), "householdCode": household, "teamCode": w.team, "outcome": "guided",
		"visitedOn": w.last.AddDate(0, 0, -w.sent%28).Format(time.DateOnly)}
}

// visits are the next so many, and the request that sends them.
func (w *writers) visits(b *testing.B, n int) ([]map[string]any, []byte) {
	b.Helper()
	all := make([]map[string]any, n)
	for i := range all {
		all[i] = w.visit()
	}
	return all, question(b, recordQuery, map[string]any{"visits": all})
}

// benchWrites measures what is sent row by row: beside an INSERT of the same rows into a table with the store's keys and indexes that holds the same; how
// many a second; and how soon who follows the feed reads what it has changed. It is the last to ask the province, because it changes it.
func benchWrites(b *testing.B, p *province) {
	conn, s := p.asked(b), serve(b, p)
	for _, statement := range []string{"create schema written", "create table written.visit (like public.visit including all)", "insert into written.visit select * from public.visit", "analyze written.visit"} {
		_, err := conn.Exec(b.Context(), statement)
		must(b, err)
	}
	b.Cleanup(func() {
		_, err := conn.Exec(context.WithoutCancel(b.Context()), "drop schema written cascade")
		must(b, err)
	})
	w := newWriters(b, p, conn)
	b.Run("rows", func(b *testing.B) { benchWrittenRows(b, w, conn, s) })
	b.Run("rate", func(b *testing.B) { benchWriteRate(b, w, s) })
	b.Run("feed", func(b *testing.B) { benchFeedLatency(b, p, w, s) })
}

func benchWrittenRows(b *testing.B, w *writers, conn *pgx.Conn, s *server) {
	var answer bytes.Buffer
	for _, n := range []int{1, 50, 500} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			t := byTurns(b, roundsOfWrites, func() time.Duration {
				_, body := w.visits(b, n)
				took := timed(func() { must(b, s.ask(body, &answer)) })
				if want := fmt.Sprintf(`"inserted":%d`, n); !bytes.Contains(answer.Bytes(), []byte(want)) {
					b.Fatalf("not %s: %.500s", want, answer.String())
				}
				return took
			}, func() time.Duration {
				rows, _ := w.visits(b, n)
				columns := [5][]any{}
				for _, r := range rows {
					for i, name := range []string{"code", "householdCode", "teamCode", "visitedOn", "outcome"} {
						columns[i] = append(columns[i], r[name])
					}
				}
				return timed(func() {
					_, err := conn.Exec(b.Context(), `insert into written.visit (province, code, household_code, team_code, visited_on, outcome)
						select '96', c, h, t, v::date, o from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) f (c, h, t, v, o)`,
						columns[0], columns[1], columns[2], columns[3], columns[4])
					must(b, err)
				})
			})
			row("Rows that are sent", []string{"`recordVisits`, each of which changes a count", "took", "INSERT of the rows alone", "ratio"},
				fmt.Sprintf("%d visits at once", n), milliseconds(median(t.ours)), milliseconds(median(t.base)), against(t.ratio(), 0))
		})
	}
}

func benchWriteRate(b *testing.B, w *writers, s *server) {
	for _, n := range []int{1, 50} {
		for _, clients := range []int{1, 8} {
			b.Run(fmt.Sprintf("%d/%d", n, clients), func(b *testing.B) {
				bodies := make([][]byte, map[int]int{1: 3000, 50: 200}[n])
				for i := range bodies {
					_, bodies[i] = w.visits(b, n)
				}
				times, took := s.load(b, bodies, clients, 4*time.Second)
				if len(times) >= len(bodies) {
					b.Fatalf("%d requests, of %d that are new", len(times), len(bodies))
				}
				perSecond := float64(n*len(times)) / took.Seconds()
				b.ReportMetric(perSecond, "rows/s")
				b.ReportMetric(milli(median(times)), "p50-ms")
				b.ReportMetric(0, "ns/op")
				row("Writes a second", []string{"visits a request", "writers", "visits a second", "median", "95 of 100 within"}, fmt.Sprint(n), fmt.Sprint(clients),
					fmt.Sprintf("%.0f", perSecond), milliseconds(median(times)), milliseconds(quantile(times, 0.95)))
			})
		}
	}
}

// benchFeedLatency follows the feed, and times from a write's answer until its change is read.
func benchFeedLatency(b *testing.B, p *province, w *writers, s *server) {
	d, err := dbtest.Open(b.Context(), p.url)
	must(b, err)
	defer d.Close()
	cursor := ""
	read := func() (items int) {
		for more := true; more; {
			page, err := d.Feed(b.Context(), nil, db.PageArgs{First: 1000, After: cursor})
			must(b, err)
			if n := len(page.Cursors); n > 0 {
				cursor = page.Cursors[n-1]
			}
			items, more = items+len(page.Items), page.More
		}
		return items
	}
	var all int
	whole := timed(func() { all = read() })
	b.ReportMetric(milli(whole), "whole-ms")
	var answer bytes.Buffer
	var wrote, latency []time.Duration
	for range 50 {
		_, body := w.visits(b, 1)
		wrote = append(wrote, timed(func() { must(b, s.ask(body, &answer)) }))
		began := time.Now()
		if read() == 0 { // it is written in the write's own transaction
			b.Fatal("the change cannot be read when the write is answered")
		}
		latency = append(latency, time.Since(began))
	}
	b.ReportMetric(milli(median(latency)), "p50-ms")
	b.ReportMetric(0, "ns/op")
	row("The feed of changes", []string{"", "median", "95 of 100 within"}, "a visit is sent until it is answered", milliseconds(median(wrote)), milliseconds(quantile(wrote, 0.95)))
	row("The feed of changes", nil, "it is answered until its changes are read, by who follows", milliseconds(median(latency)), milliseconds(quantile(latency, 0.95)))
	row("The feed of changes", nil, fmt.Sprintf("the whole feed, by who begins (%d items)", all), milliseconds(whole), "")
}
