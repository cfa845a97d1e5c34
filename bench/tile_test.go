package bench

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"vunglom/db"
	"vunglom/db/dbtest"
	"vunglom/gis"
)

var (
	//go:embed tile_unit.sql
	tileUnitSQL string
	//go:embed tile_bin.sql
	tileBinSQL string
	//go:embed tile_address.sql
	tileAddressSQL string
)

// limitTile is the most that a tile that nobody has asked for yet may take over HTTP, beside its statement alone.
const limitTile = 1.15

// The heart of the city of Cà Mau, where the most people look.
const heartLongitude, heartLatitude = 105.15, 9.18

// coldTiles are the tiles that are compared with SQL, and the arguments of that.
var coldTiles = []struct {
	name, layer, query, sql string
	zoom, rounds            int
	args                    func(gis.Tile) []any
}{
	{"units, every hamlet of the province", "units", "level=HAMLET", tileUnitSQL, 7, roundsOfQuestion, unitTileArgs},
	{"units, hamlets", "units", "level=HAMLET", tileUnitSQL, 10, roundsOfQuestion, unitTileArgs},
	{"addresses in bins, nearly the whole province", "addresses", "", tileBinSQL, 8, roundsOfQuestion, binTileArgs},
	{"addresses in bins, the last zoom of cells", "addresses", "", tileBinSQL, 11, roundsOfQuestion, binTileArgs},
	{"addresses in bins, of each address", "addresses", "", tileAddressSQL, 12, 11, addressTileArgs},
	{"addresses one by one", "addresses", "", tileAddressSQL, 14, roundsOfQuestion, addressTileArgs},
}

func unitTileArgs(t gis.Tile) []any {
	zoom := float64(t.Z)
	west, south, east, north := t.Box(64.0 / 4096)
	return []any{"96", day, gis.Band(&zoom), t.Z, t.X, t.Y, west, south, east, north}
}

func binTileArgs(t gis.Tile) []any { return []any{day, t.Z, t.X, t.Y} }

func addressTileArgs(t gis.Tile) []any {
	west, south, east, north := t.Box(64.0 / 4096)
	return []any{day, t.Z, t.X, t.Y, west, south, east, north}
}

// benchTiles measures tiles that nobody has asked for against their statements alone, and against SQL written for that one tile that makes
// the same bytes, then how many are served that are kept, and what people who move about the map all at once wait for.
func benchTiles(b *testing.B, p *province) {
	conn := p.asked(b)
	b.Run("cold", func(b *testing.B) { benchColdTiles(b, p, conn) })
	b.Run("kept", func(b *testing.B) { benchKeptTiles(b, p) })
	b.Run("clients", func(b *testing.B) { benchTileClients(b, p) })
	b.Run("largest", func(b *testing.B) { benchLargestTile(b, p, conn) })
}

func benchColdTiles(b *testing.B, p *province, conn *pgx.Conn) {
	s := serveTiles(b, p, 0)                                                    // nothing is kept: every tile is drawn
	_, err := conn.Exec(b.Context(), "set plan_cache_mode = force_custom_plan") // a plan for any tile is several times slower than one for the tile asked for
	must(b, err)
	d, err := dbtest.Open(b.Context(), p.url)
	must(b, err)
	b.Cleanup(d.Close)
	at, err := time.Parse(time.DateOnly, day)
	must(b, err)
	for _, c := range coldTiles {
		b.Run(fmt.Sprintf("%s/%d", c.layer, c.zoom), func(b *testing.B) {
			tile := heart(c.zoom)
			path := tilePath(c.layer, tile, c.query)
			var answer, drawn bytes.Buffer
			ours := func() time.Duration {
				return timed(func() {
					if status, err := s.tile(path, "", &answer); err != nil || status != http.StatusOK {
						b.Fatal(status, err)
					}
				})
			}
			base := func() time.Duration {
				return timed(func() {
					rows, err := conn.Query(b.Context(), c.sql, c.args(tile)...)
					must(b, err)
					drawn.Reset()
					for rows.Next() {
						drawn.Write(rows.RawValues()[0])
					}
					rows.Close()
					must(b, rows.Err())
				})
			}
			for range min(warmUp, c.rounds) {
				ours()
				base()
			}
			if plain := unpacked(b, answer.Bytes()); !bytes.Equal(plain, drawn.Bytes()) || len(plain) == 0 {
				b.Fatalf("the tiles differ: HTTP %d bytes, SQL %d", len(plain), drawn.Len())
			}
			question := db.TileQuery{Layer: db.TileLayer(c.layer), Tile: tile, Day: at, Level: db.LevelHamlet}
			alone := func() time.Duration {
				return timed(func() {
					_, err := d.Tile(b.Context(), question)
					must(b, err)
				})
			}
			written := byTurns(b, c.rounds, ours, base)
			t := byTurns(b, c.rounds, ours, alone)
			row("Tiles that nobody has asked for yet", []string{"tile", "bytes", "sent", "HTTP", "its statement alone", "ratio", "written by hand", "ratio to that"},
				fmt.Sprintf("%s, zoom %d", c.name, c.zoom), fmt.Sprintf("%.1f kB", float64(drawn.Len())/1e3), fmt.Sprintf("%.1f kB", float64(answer.Len())/1e3),
				milliseconds(median(t.ours)), milliseconds(median(t.base)), against(t.ratio(), limitTile), milliseconds(median(written.base)), fmt.Sprintf("%.2f", written.ratio()))
		})
	}
}

var keptColumns = []string{"request", "clients", "a second", "median", "95 of 100 within"}

// benchKeptTiles measures tiles that are kept in memory, sent whole or not at all.
func benchKeptTiles(b *testing.B, p *province) {
	s := serveTiles(b, p, 64<<20)
	path := tilePath("units", heart(10), "level=HAMLET")
	var answer bytes.Buffer
	_, err := s.tile(path, "", &answer)
	must(b, err)
	for _, c := range []struct {
		name, tag string
		status    int
	}{{fmt.Sprintf("a kept tile of %.0f kB", float64(answer.Len())/1e3), "", http.StatusOK}, {"the same, unchanged: 304", s.tag, http.StatusNotModified}} {
		for _, clients := range []int{1, 8} {
			ask := func(int, int) (string, string, int) { return path, c.tag, c.status }
			s.people(b, clients, time.Second/2, ask)
			times, took := s.people(b, clients, 3*time.Second, ask)
			keptRow(b, c.name, clients, times, took)
		}
	}
}

// benchTileClients has 50 people at once move about the map: at each zoom the tiles of a screen, some hamlets further at each step.
func benchTileClients(b *testing.B, p *province) {
	s := serveTiles(b, p, 64<<20)
	paths := journey()
	times, took := s.people(b, 50, 10*time.Second, func(client, step int) (string, string, int) {
		return paths[(client*37+step)%len(paths)], "", http.StatusOK
	})
	keptRow(b, fmt.Sprintf("%d tiles of all layers, none kept at first", len(paths)), 50, times, took)
}

func keptRow(b *testing.B, name string, clients int, times []time.Duration, took time.Duration) {
	perSecond := float64(len(times)) / took.Seconds()
	b.ReportMetric(perSecond, "req/s")
	b.ReportMetric(0, "ns/op")
	row("Tiles a second", keptColumns, name, fmt.Sprint(clients), fmt.Sprintf("%.0f", perSecond), milliseconds(median(times)), milliseconds(quantile(times, 0.95)))
}

// journey is what a map asks for on the way from the province to the houses of a quarter: three by two tiles of each zoom.
func journey() (paths []string) {
	for zoom := 7; zoom <= 15; zoom++ {
		at := heart(zoom)
		for dx := -1; dx <= 1; dx++ {
			for dy := 0; dy <= 1; dy++ {
				t := gis.Tile{Z: zoom, X: at.X + dx, Y: at.Y + dy}
				level := "COMMUNE"
				if zoom >= 10 {
					level = "HAMLET"
				}
				paths = append(paths, tilePath("units", t, "level="+level))
				if zoom >= 9 {
					paths = append(paths, tilePath("teams", t, ""), tilePath("service_points", t, ""))
				}
				if zoom >= 10 {
					paths = append(paths, tilePath("addresses", t, ""))
				}
			}
		}
	}
	return paths
}

// benchLargestTile draws every tile of the province that holds anything, to a zoom, and from there on those with the most addresses.
func benchLargestTile(b *testing.B, p *province, conn *pgx.Conn) {
	const everyTile, mostAddresses = 12, 60
	s := serveTiles(b, p, 64<<20) // gap areas are found once for all of their tiles
	var answer bytes.Buffer
	for zoom := 0; zoom <= gis.MaxTileZoom; zoom++ {
		rows, err := conn.Query(b.Context(), `select (floor((st_x(position) + 180) / 360 * 2 ^ $1::int))::int as x, floor((0.5 - asinh(tan(radians(st_y(position)))) / (2 * pi())) * 2 ^ $1)::int as y
			from address group by 1, 2 order by count(*) desc`, zoom)
		must(b, err)
		tiles, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (t gis.Tile, err error) {
			t.Z = zoom
			return t, row.Scan(&t.X, &t.Y)
		})
		must(b, err)
		drawn := tiles
		if zoom > everyTile {
			drawn = tiles[:min(len(tiles), mostAddresses)]
		}
		cells := []string{fmt.Sprint(zoom), fmt.Sprintf("%d of %d", len(drawn), len(tiles))}
		for _, layer := range [...]struct{ name, query string }{{"units", "level=COMMUNE"}, {"units", "level=HAMLET"}, {"addresses", ""}, {"teams", ""}, {"gap_areas", ""}} {
			most := 0
			for _, t := range drawn {
				status, err := s.tile(tilePath(layer.name, t, layer.query), "", &answer)
				must(b, err)
				if status != http.StatusOK {
					b.Fatal(t, status, answer.String())
				}
				most = max(most, len(unpacked(b, answer.Bytes())))
			}
			cells = append(cells, within(most <= 500_000, fmt.Sprintf("%.1f kB", float64(most)/1e3)))
		}
		row("The largest tile of each zoom, before compression (≤ 500 kB)", []string{"zoom", "tiles drawn", "communes", "hamlets", "addresses", "teams", "gap areas"}, cells...)
	}
	b.ReportMetric(0, "ns/op")
}

func heart(zoom int) gis.Tile { return gis.TileAt(heartLongitude, heartLatitude, zoom) }

func tilePath(layer string, t gis.Tile, query string) string {
	if query != "" {
		query = "&" + query
	}
	return fmt.Sprintf("/tiles/%s/%d/%d/%d.mvt?asOf=%s%s", layer, t.Z, t.X, t.Y, day, query)
}

// tileServer serves tiles as to a browser, that takes gzip and unpacks it itself.
type tileServer struct {
	*server
	origin string
	tag    string // of the last tile that one client asked for
}

// tile gets a tile into the buffer, as it was sent. A tag is one that the client has.
func (s *tileServer) tile(path, tag string, into *bytes.Buffer) (int, error) {
	request, err := http.NewRequest(http.MethodGet, s.origin+path, nil)
	if err != nil {
		return 0, err
	}
	request.Header.Set("Accept-Encoding", "gzip")
	if tag != "" {
		request.Header.Set("If-None-Match", tag)
	}
	response, err := s.client.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	into.Reset()
	_, err = into.ReadFrom(response.Body)
	if tag == "" && into.Len() > 0 {
		s.keep(response.Header.Get("ETag"))
	}
	return response.StatusCode, err
}

var keeping sync.Mutex

func (s *tileServer) keep(tag string) {
	keeping.Lock()
	defer keeping.Unlock()
	s.tag = tag
}

// people has clients ask for tiles for a while, each at its own step; every answer must have the status that is expected.
func (s *tileServer) people(b *testing.B, clients int, while time.Duration, ask func(client, step int) (path, tag string, status int)) (times []time.Duration, took time.Duration) {
	b.Helper()
	var failed atomic.Pointer[error]
	var mine sync.Mutex
	var each sync.WaitGroup
	began := time.Now()
	for client := range clients {
		each.Go(func() {
			var answer bytes.Buffer
			var own []time.Duration
			for step := 0; time.Since(began) < while; step++ {
				path, tag, want := ask(client, step)
				started := time.Now()
				status, err := s.tile(path, tag, &answer)
				if err == nil && status != want {
					err = errors.New(path + ": " + http.StatusText(status))
				}
				if err != nil {
					failed.Store(&err)
					return
				}
				own = append(own, time.Since(started))
			}
			mine.Lock()
			defer mine.Unlock()
			times = append(times, own...)
		})
	}
	each.Wait()
	if err := failed.Load(); err != nil {
		b.Fatal(*err)
	}
	return times, time.Since(began)
}

func unpacked(b *testing.B, sent []byte) []byte {
	b.Helper()
	if len(sent) == 0 {
		return nil
	}
	r, err := gzip.NewReader(bytes.NewReader(sent))
	must(b, err)
	plain, err := io.ReadAll(r)
	must(b, err)
	return plain
}
