package db_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vunglom/db"
)

// teamsSaid is what follows from teams, to the last digit.
var teamsSaid = map[string]string{
	"team":        "select concat_ws(' ', t.code, u.level, u.code, lower(u.valid), st_astext(t.base, 17)) from team t join unit u on u.id = t.unit_id order by 1",
	"team_period": `select concat_ws(' ', p.team_code, p.kind, p.own, p.period, u.level, u.code, lower(u.valid)) from team_period p join unit u on u.id = p.unit_id order by 1`,
	"remoteness": `select concat_ws(' ', u.level, u.code, lower(u.valid), r.index, r.remote, r.service_distance_metres, r.team_distance_metres, r.addresses_per_km2, r.designated, r.addresses)
		from remoteness r join unit u on u.id = r.unit_id order by 1`,
}

// TestATeamThatIsSentMovesRemotenessAsABundleDoes: teams that come, go, move and become others are worked out only for where they may be the
// nearest, and come to what a bundle of them comes to, which works everything out anew.
func TestATeamThatIsSentMovesRemotenessAsABundleDoes(t *testing.T) {
	t.Parallel()
	bundled, written := newSynthetic(t), newSynthetic(t)
	const meta = `{"province": "96", "as_of": "2026-10-31", "source": "later", "licence": "CC0-1.0", "synthetic": true}`
	now := time.Now()
	const header = "code,name,level,kind,unit_code,established_on,dissolved_on,lon,lat\n"
	stored := texts(t, written.sql, `select concat_ws(',', code, 'Tổ', level, kind, unit_code, lower(active)) || '|' || st_x(base) || '|' || st_y(base) from team
		where kind = 'cnscd' and base is not null and active @> date '2026-10-31' order by md5(code) limit 12`)
	if len(stored) < 12 {
		t.Fatalf("only %d teams", len(stored))
	}
	random := rand.New(rand.NewPCG(6, 5))
	var steps []string
	for i, s := range stored {
		var lon, lat float64
		fields := strings.Split(s, "|")
		team := fields[0]
		if _, err := fmt.Sscan(fields[1]+" "+fields[2], &lon, &lat); err != nil {
			t.Fatal(err)
		}
		switch i % 4 {
		case 0: // it moves, not far
			team += fmt.Sprintf(",,%f,%f", lon+random.Float64()/20, lat-random.Float64()/20)
		case 1: // it goes
			team += ",2026-01-01,,"
		case 2: // another comes
			team = "N" + team + fmt.Sprintf(",,%f,%f", lon+random.Float64()/5, lat+random.Float64()/5)
		case 3: // nothing that counts changes
			team += ",," + fields[1] + "," + fields[2]
		}
		if i < 4 {
			steps = append(steps, header+team+"\n")
		} else {
			steps[i%4] += team + "\n"
		}
	}
	kept := 0
	for i, rows := range steps {
		before := texts(t, written.sql, "select max(computed_at)::text from remoteness")[0]
		w := sent(t, "teams", rows, db.WriteAll)
		w.Now = now.Add(time.Duration(i+1) * time.Minute)
		answer, err := written.Write(t.Context(), w)
		if err != nil || answer.Rows[0].Outcome == db.Rejected {
			t.Fatal(err, answer)
		}
		if _, err := importDir(t, bundled.DB, write(t, map[string]string{"bundle.json": meta, "teams.csv": rows}), db.ImportOptions{Now: w.Now}); err != nil {
			t.Fatal(err)
		}
		for table, statement := range teamsSaid {
			want, got := texts(t, bundled.sql, statement), texts(t, written.sql, statement)
			if diff := cmp.Diff(want, got); diff != "" || len(want) == 0 {
				t.Fatalf("step %d, %s, of a bundle −, of a write +: %s", i, table, diff)
			}
		}
		var anew, all int
		if err := written.sql.QueryRowContext(t.Context(), "select count(*) filter (where computed_at > $1), count(*) from remoteness", before).Scan(&anew, &all); err != nil {
			t.Fatal(err)
		}
		if kept += all - anew; anew > 0 {
			t.Logf("step %d: %d units of %d were worked out anew", i, anew, all)
		}
	}
	if kept == 0 {
		t.Error("everything was worked out anew each time")
	}
	verified(t, bundled.DB)
	verified(t, written.DB)
}
