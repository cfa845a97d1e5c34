package bench

import (
	"bytes"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const locateQuery = `query ($at: Position!, $day: Date!) {
  locate(position: $at, asOf: $day) {
    province { code fullName } district { code fullName } commune { code fullName } hamlet { code fullName }
  }
}`

const searchQuery = `query ($text: String!, $day: Date!) {
  search(text: $text, asOf: $day, first: 10) { score unit { id level code fullName } }
}`

const pageQuery = `query ($day: Date!) {
  adminUnits(level: HAMLET, asOf: $day, first: 200) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes {
      id code fullName
      parent { code fullName }
      coverage { basis guided attempted notVisited ineligible unknown share shareLow shareHigh gapHouseholds addresses teams members householdsPerMember lastVisitOn }
      remoteness { index remote serviceDistanceMetres teamDistanceMetres addressesPerKm2 designated }
      teams(first: 10) { totalCount nodes { code name } }
    }
  }
}`

// texts are what people type: with tones, without, with abbreviations, half a word.
var texts = []string{
	"dam doi", "Đầm Dơi", "xã khánh an", "TT. Rạch Gốc", "khom 4", "Phường 4", "ca mau", "ấp tân hòa", "nam can", "U Minh", "tran van thoi", "ngọc h", "dat mui", "xa tan", "khóm 1",
}

// benchRate measures how many requests a second are answered, and how soon, by one client
// after another and by eight at once.
func benchRate(b *testing.B, p *province) {
	conn, s := p.asked(b), serve(b, p)
	rows, err := conn.Query(b.Context(), "select st_x(position), st_y(position) from address order by md5(code) limit 2000")
	must(b, err)
	var located [][]byte
	for rows.Next() {
		var lon, lat float64
		must(b, rows.Scan(&lon, &lat))
		located = append(located, question(b, locateQuery, map[string]any{"at": map[string]any{"longitude": lon, "latitude": lat}, "day": day}))
	}
	must(b, rows.Err())
	var searched [][]byte
	for _, text := range texts {
		searched = append(searched, question(b, searchQuery, map[string]any{"text": text, "day": day}))
	}
	for _, kind := range []struct {
		name, title string
		bodies      [][]byte
	}{
		{"locate", fmt.Sprintf("`locate`, %d houses at random", len(located)), located},
		{"search", fmt.Sprintf("`search`, %d texts", len(texts)), searched},
		{"page", "`adminUnits`, 200 hamlets with parent, coverage, remoteness, teams", [][]byte{question(b, pageQuery, map[string]any{"day": day})}},
	} {
		for _, clients := range []int{1, 8} {
			b.Run(fmt.Sprintf("%s/%d", kind.name, clients), func(b *testing.B) {
				s.load(b, kind.bodies, clients, time.Second/2)
				times, took := s.load(b, kind.bodies, clients, 4*time.Second)
				perSecond := float64(len(times)) / took.Seconds()
				b.ReportMetric(perSecond, "req/s")
				b.ReportMetric(milli(median(times)), "p50-ms")
				b.ReportMetric(milli(quantile(times, 0.95)), "p95-ms")
				b.ReportMetric(0, "ns/op")
				row("Requests over HTTP", []string{"request", "clients", "a second", "median", "95 of 100 within"}, kind.title, fmt.Sprint(clients),
					fmt.Sprintf("%.0f", perSecond), milliseconds(median(times)), milliseconds(quantile(times, 0.95)))
			})
		}
	}
}

// load has clients ask the questions in turn, all of them over again, for a while. It
// returns how long each answer took, and all of them together.
func (s *server) load(b *testing.B, bodies [][]byte, clients int, while time.Duration) (times []time.Duration, took time.Duration) {
	b.Helper()
	var next atomic.Int64
	var all sync.Mutex
	var each sync.WaitGroup
	began := time.Now()
	for range clients {
		each.Go(func() {
			var answer bytes.Buffer
			var mine []time.Duration
			for time.Since(began) < while {
				body := bodies[int(next.Add(1))%len(bodies)]
				started := time.Now()
				if err := s.ask(body, &answer); err != nil {
					b.Error(err)
					return
				}
				mine = append(mine, time.Since(started))
			}
			all.Lock()
			defer all.Unlock()
			times = append(times, mine...)
		})
	}
	each.Wait()
	if len(times) == 0 {
		b.Fatal("nothing was answered")
	}
	return times, time.Since(began)
}
