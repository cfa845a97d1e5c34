package db_test

import (
	"encoding/json"
	"testing"

	"vunglom/db"
)

// A commune that is designated is remote where nothing was measured in it: no hamlets, no addresses.
func TestDesignatedIsRemoteWithoutAnIndex(t *testing.T) {
	t.Parallel()
	l := newLanding(t)
	l.land(t, edited(small, map[string]string{
		"units.csv": small["units.csv"] + "commune,32999,Đất Mũi,xa,province,96,2025-07-01,,\n",
		"designations.csv": small["designations.csv"] + "commune,32999,xa_dao,1,,2025-07-01,\n" +
			"commune,32999,khu_vuc,I,,2025-07-01,\n",
	}), db.ImportOptions{Today: parse("2025-08-01")})

	answer, err := l.CoverageMap(t.Context(), db.MapQuery{
		Level: db.LevelCommune, Day: parse("2025-08-01"), Measure: db.MeasureShare, Classification: "QUANTILE", Classes: 5, RemoteOnly: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	var features struct {
		Features []struct {
			ID         string
			Properties struct {
				Remote bool
				Index  *float64
			}
		}
	}
	if err := json.Unmarshal(answer.Features, &features); err != nil {
		t.Fatal(err)
	}
	found := false
	for _, f := range features.Features {
		if f.ID == "32999" {
			found = true
			if !f.Properties.Remote || f.Properties.Index != nil {
				t.Errorf("commune 32999 is drawn as %+v", f.Properties)
			}
		}
	}
	if !found {
		t.Errorf("the map of what is remote lacks commune 32999: %s", answer.Features)
	}

	unit, err := l.UnitByRef(t.Context(), db.Ref{Level: db.LevelCommune, Code: "32999"}, parse("2025-08-01"))
	if err != nil {
		t.Fatal(err)
	}
	known, err := l.Remoteness(t.Context(), []db.Key{unit.Key()})
	if err != nil {
		t.Fatal(err)
	}
	if r, ok := known[unit.Key()]; ok {
		t.Errorf("remoteness without an index is answered: %+v", r)
	}
}
