package bench

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"vunglom/bundle/synthetic"
	"vunglom/db"
	"vunglom/db/dbtest"
	"vunglom/gis"
	"vunglom/gis/divide"
)

// misdeclared is the share of declarations that are wrong: more than real files should have.
const misdeclared = 0.02

// limitDerived is the least share of all addresses that must get their true hamlet, by the share that declares one.
var limitDerived = map[float64]float64{0.6: 0.995, 0.3: 0.99, 0.1: 0.98}

var deriveColumns = []string{"addresses that declare a hamlet, 2 % of them a wrong one", "all addresses: in their true hamlet", "in that of the nearest declaring one of the commune",
	"conflicts", "drawn in", "the whole command"}

// benchDerive hides the hamlets of the province, derives them from what some addresses declare, and counts over all addresses,
// declaring or not, how many come to lie in the hamlet that was hidden.
func benchDerive(b *testing.B, p *province) {
	conn := p.asked(b)
	rows, err := conn.Query(b.Context(), `
		select a.scheme || '/' || a.code, h.code, c.code
		from address a
		join place_period i on i.province = a.province and i.place_id = a.place_id and i.period @> current_date
		join unit h on h.province = a.province and h.id = i.hamlet_id
		join unit c on c.province = a.province and c.id = i.commune_id
		where a.province = '96'`)
	if err != nil {
		b.Fatal(err)
	}
	hamlet, commune := map[string]string{}, map[string]string{}
	for rows.Next() {
		var address, h, c string
		if err := rows.Scan(&address, &h, &c); err != nil {
			b.Fatal(err)
		}
		hamlet[address], commune[address] = h, c
	}
	if rows.Close(); rows.Err() != nil {
		b.Fatal(rows.Err())
	}
	for _, share := range []float64{0.6, 0.3, 0.1} {
		b.Run(fmt.Sprintf("%.0f", 100*share), func(b *testing.B) {
			folder, url := filepath.Join(b.TempDir(), "hidden"), dbtest.URL(b)
			err := synthetic.Generate(b.Context(), synthetic.Options{Seed: 1, Scale: scale, Out: folder, Hide: &synthetic.Hidden{Declare: share, Misdeclare: misdeclared}})
			if err != nil {
				b.Fatal(err)
			}
			p.importInto(b, url, folder)
			d, err := dbtest.Open(b.Context(), url)
			if err != nil {
				b.Fatal(err)
			}
			defer d.Close()
			var drew time.Duration
			began := time.Now()
			report, err := d.DeriveHamlets(b.Context(), db.DeriveOptions{Province: "96", Rule: divide.Default, Step: func(name string, done, total int64) {
				if name == "draw hamlets" && done == total {
					drew = time.Since(began)
				}
			}})
			if err != nil {
				b.Fatal(err)
			}
			took := time.Since(began)
			ours, nearest := trueShares(b, url, hamlet, commune)
			b.ReportMetric(100*ours, "%")
			row("Hamlets derived, against those that were hidden", deriveColumns,
				fmt.Sprintf("%.0f %% (%d)", 100*share, report.Declaring), atLeast(ours, limitDerived[share]), fmt.Sprintf("%.2f %%", 100*nearest),
				fmt.Sprint(len(report.Conflicts)), seconds(drew), seconds(took))
		})
	}
}

// atLeast is a share beside the least it may be.
func atLeast(share, limit float64) string {
	if scale != 1 {
		return fmt.Sprintf("%.2f %%", 100*share)
	}
	verdict := "holds"
	if share < limit {
		verdict = "**missed**"
	}
	return fmt.Sprintf("%.2f %% (≥ %g %%: %s)", 100*share, 100*limit, verdict)
}

// trueShares is the share of all addresses that lie in their true hamlet, and of those for which the nearest address of
// their commune that declares a hamlet declares it.
func trueShares(b *testing.B, url string, hamlet, commune map[string]string) (ours, nearest float64) {
	rows, err := connect(b, url).Query(b.Context(), `
		select a.scheme || '/' || a.code, ST_X(a.position), ST_Y(a.position), coalesce(a.hamlet_code, ''), coalesce(h.code, '')
		from address a
		left join place_period i on i.province = a.province and i.place_id = a.place_id and i.period @> current_date
		left join unit h on h.province = a.province and h.id = i.hamlet_id
		where a.province = '96'`)
	if err != nil {
		b.Fatal(err)
	}
	type address struct {
		at    [2]float64
		truth string
	}
	of := map[string][]address{} // by commune
	declares := map[string][]string{}
	points := map[string][][2]float64{}
	right, total := 0, 0
	for rows.Next() {
		var key, declared, lies string
		var at [2]float64
		if err := rows.Scan(&key, &at[0], &at[1], &declared, &lies); err != nil {
			b.Fatal(err)
		}
		truth, known := hamlet[key]
		if !known {
			continue // at sea
		}
		total++
		if lies == truth {
			right++
		}
		c := commune[key]
		of[c] = append(of[c], address{at, truth})
		if declared != "" {
			declares[c], points[c] = append(declares[c], declared), append(points[c], at)
		}
	}
	if rows.Close(); rows.Err() != nil {
		b.Fatal(rows.Err())
	}
	if total != len(hamlet) {
		b.Fatalf("%d addresses of %d", total, len(hamlet))
	}
	by := 0
	for c, addresses := range of {
		index := gis.NewNearest(points[c])
		for _, a := range addresses {
			if i, _, ok := index.Find(a.at[0], a.at[1]); ok && declares[c][i] == a.truth {
				by++
			}
		}
	}
	return float64(right) / float64(total), float64(by) / float64(total)
}
