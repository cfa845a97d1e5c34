package db_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vunglom/db"
)

var levels = []string{"province", "district", "commune", "hamlet"}

// recorded is what the rows of the world say of a unit on a day, by measure.
func (w *world) recorded(u *wunit, day string) map[string]float64 {
	c := w.count(day)[u]
	got := map[string]float64{}
	if c.addresses > 0 {
		got["household_addresses"] = float64(c.addresses)
	}
	got["digital_addresses"] = 0
	for _, a := range w.addresses {
		if a.scheme() == "dia_chi_so" && w.at(a, u.level, day) == u {
			got["digital_addresses"]++
		}
	}
	rank := 0
	for i, level := range levels {
		if level == u.level {
			rank = i
		}
	}
	if c.households > 0 {
		got["households"], got["households_guided"] = float64(c.households), float64(c.status[db.StatusGuided])
		got["dvc"], got["vi"] = float64(c.uptake["dvc"]), float64(c.uptake["vi"])
		for _, level := range levels[rank+1:] {
			got[level+"s"] = 0
			for _, below := range w.units {
				if below.level == level && below.valid(day) {
					for _, above := range w.chain(below, day) {
						if above == u {
							got[level+"s"]++
						}
					}
				}
			}
		}
	}
	for kind, word := range map[string]string{"cnscd": "teams", "de_an_06": "task_forces"} {
		got[kind+"_"+word] = 0
		for i, level := range levels {
			if i >= rank && (kind != "de_an_06" || level != "province") {
				got[kind+"_"+level+"_"+word] = 0
			}
		}
	}
	got["cnscd_members"] = 0
	communes, hamlets := map[*wunit]bool{}, map[*wunit]bool{}
	for _, t := range w.teams {
		counts := false
		for _, served := range w.serves(t, day) {
			within := w.chain(served, day)
			for _, above := range within {
				if above != u {
					continue
				}
				counts = true
				if t.kind == "cnscd" && served.level == "hamlet" {
					hamlets[served] = true
				}
				for _, each := range within {
					if t.kind == "cnscd" && each.level == "commune" && served == w.heir(w.unitOn(t.level, t.unit, t.from), day) {
						communes[each] = true
					}
				}
			}
		}
		if !counts || t.kind == "other" {
			continue
		}
		word := map[string]string{"cnscd": "teams", "de_an_06": "task_forces"}[t.kind]
		got[t.kind+"_"+word]++
		got[t.kind+"_"+t.level+"_"+word]++
		for _, m := range t.members {
			if t.kind == "cnscd" && within(day, m.from, m.to) {
				got["cnscd_members"]++
			}
		}
	}
	if rank < 2 {
		got["cnscd_communes"] = float64(len(communes))
	}
	if rank < 3 {
		got["cnscd_hamlets"] = float64(len(hamlets))
	}
	return got
}

// TestReconciliationCountsEveryRow compares what is reconciled of random units on random days with the rows.
func TestReconciliationCountsEveryRow(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			l := load(t, seed)
			r := rand.New(rand.NewPCG(seed, 5))
			reported := 0
			for _, day := range l.days {
				for _, u := range l.units {
					if !u.valid(day) || (u.level == "hamlet" && r.IntN(8) > 0) {
						continue
					}
					got, err := l.d.Reconciliation(t.Context(), db.Ref{Level: db.Level(u.level), Code: u.code}, parse(day))
					if err != nil {
						t.Fatal(err)
					}
					want := l.recorded(u, day)
					report := l.count(day)[u].report
					if report != nil {
						reported++
						delete(want, "households_guided")
					}
					only := map[string]float64{}
					for _, c := range got {
						if c.Report == nil {
							if c.Status != db.VerdictOnlyComputed || c.Difference != nil || !c.Day.Equal(parse(day)) {
								t.Errorf("%s %s on %s: %+v", u.level, u.code, day, c)
							}
							only[c.Measure] = *c.Computed
							continue
						}
						if report == nil {
							t.Errorf("%s %s on %s: %+v, but nothing was reported", u.level, u.code, day, c)
							continue
						}
						computed, known := l.recorded(u, report.on)["households_guided"]
						verdict := db.VerdictOnlyReported
						if known {
							if verdict = db.VerdictDiffers; computed >= float64(report.value) {
								verdict = db.VerdictConsistent
							}
						}
						if c.Status != verdict || c.Report.Value != float64(report.value) || !c.Day.Equal(parse(report.on)) || (c.Computed != nil) != known ||
							known && (*c.Computed != computed || *c.Difference != computed-c.Report.Value) {
							t.Errorf("%s %s on %s: %+v, want %s of %v", u.level, u.code, day, c, verdict, report)
						}
					}
					if diff := cmp.Diff(want, only); diff != "" {
						t.Errorf("%s %s on %s (-counted +answered):\n%s", u.level, u.code, day, diff)
					}
				}
			}
			if reported == 0 {
				t.Error("nothing was reported of any of them")
			}
		})
	}
}
