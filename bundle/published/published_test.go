package published_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vunglom/bundle"
	"vunglom/bundle/published"
)

// facts are the published figures, one a line: province, level, unit, day, measure, the figure with its qualifier, its share.
const facts = `
96 province 96 2022-12-31 cnscd_communes eq 48
96 province 96 2022-12-31 cnscd_hamlet_teams eq 364
96 province 96 2022-12-31 cnscd_members eq 1729
96 province 96 2022-12-31 households_guided gte 70600 0.53
96 province 96 2024-09-30 cnscd_communes eq 101
96 province 96 2024-09-30 cnscd_hamlet_teams eq 883
96 province 96 2024-09-30 cnscd_members eq 4529
96 province 96 2024-09-30 households_guided gte 215000 0.69
96 province 96 2024-09-30 online_public_service eq 181943
96 province 96 2024-09-30 e_commerce eq 6442
96 province 96 2024-09-30 e_payment eq 144196
96 province 96 2024-09-30 vncare_account eq 175908
96 province 96 2024-09-30 health_record eq 371647
96 province 96 2024-09-30 health_booking eq 14378
96 province 96 2024-09-30 health_booking_online eq 49
96 province 96 2023-03-31 digital_addresses eq 318821
96 province 96 2023-03-31 communes eq 101
96 province 96 2023-03-31 districts eq 9
96 province 96 2023-03-31 de_an_06_task_forces eq 995
96 province 96 2023-03-31 de_an_06_province_task_forces eq 1
96 province 96 2023-03-31 de_an_06_police_task_forces eq 1
96 province 96 2023-03-31 de_an_06_district_task_forces eq 9
96 province 96 2023-03-31 de_an_06_commune_task_forces eq 101
96 province 96 2023-03-31 de_an_06_hamlet_task_forces eq 883
22 province 22 2023-02-20 cnscd_teams eq 1473
22 province 22 2023-02-20 cnscd_communes eq 177 1
22 province 22 2023-02-20 cnscd_hamlets eq 1452 1
22 province 22 2023-02-20 cnscd_members eq 11255
22 province 22 2023-02-20 online_dossiers eq 459326 0.754
22 province 22 2023-02-20 vneid_level_2 gte 330000
22 province 22 2023-02-20 smart_device_adult_share eq 0.88 0.88
22 province 22 2023-02-20 cashless_electricity_water_share gte 0.86 0.86
83 province 83 2022-11-30 cnscd_district_teams eq 9
83 province 83 2022-11-30 cnscd_commune_teams eq 129
83 province 83 2022-11-30 cnscd_hamlet_teams eq 427
83 province 83 2022-11-30 cnscd_members gte 4000
83 commune 29188 2022-11-30 cnscd_commune_team_members eq 12
83 commune 29188 2022-11-30 cnscd_hamlet_teams eq 7
83 commune 29188 2022-11-30 cnscd_hamlet_team_members_least gte 5
83 commune 29188 2022-11-30 cnscd_hamlet_team_members_most lte 10
83 commune 29188 2022-11-30 accounts gte 300
94 province 94 2022-11-30 cnscd_pilot_teams eq 3
94 hamlet 31679-chau-thanh 2022-11-30 cnscd_pilot_teams eq 1
94 hamlet 31618-an-thuong 2022-11-30 cnscd_pilot_teams eq 1
94 hamlet 31522-khom-4 2022-11-30 cnscd_pilot_teams eq 1
`

// TestBundles reads every bundle as an import does: nothing is wrong with any row, every figure is there and no other,
// each with its source, and every unit that a figure names is one of the bundle.
func TestBundles(t *testing.T) {
	t.Parallel()
	var got []string
	for _, province := range published.Provinces() {
		folder := filepath.Join(t.TempDir(), province)
		if err := published.Write(province, folder); err != nil {
			t.Fatal(err)
		}
		b, err := bundle.Open(folder)
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		if b.Meta.Province != province || b.Meta.Synthetic || b.Meta.Source == "" {
			t.Errorf("%s: %+v", province, b.Meta)
		}
		units := map[string]bool{}
		each(t, b, "units", func(cell func(string) string) { units[cell("level")+" "+cell("code")] = true })
		each(t, b, "reports", func(cell func(string) string) {
			unit := cell("level") + " " + cell("unit_code")
			if !units[unit] {
				t.Errorf("%s: %s is no unit of the bundle", province, unit)
			}
			if cell("source") == "" {
				t.Errorf("%s: %s has no source", unit, cell("measure"))
			}
			got = append(got, strings.TrimSpace(strings.Join([]string{province, unit, cell("as_of"), cell("measure"), cell("qualifier"), cell("value"), cell("share")}, " ")))
		})
	}
	want := strings.Split(strings.TrimSpace(facts), "\n")
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(want, got) {
		t.Errorf("the figures are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// each gives the cells of every row, by column, as text.
func each(t *testing.T, b *bundle.Bundle, name string, visit func(cell func(string) string)) {
	t.Helper()
	table := bundle.TableNamed(name)
	_, err := b.Rows(t.Context(), table, func(r *bundle.Row) error {
		visit(func(column string) string {
			i := table.Index(column)
			switch v := r.Values[i]; {
			case !v.Known:
				return ""
			case table.Columns[i].Type == bundle.Number:
				return fmt.Sprint(v.Number)
			case table.Columns[i].Type == bundle.Date:
				return bundle.DayTime(v.Integer).Format("2006-01-02")
			default:
				return v.Text
			}
		})
		return nil
	}, func(p bundle.Problem) { t.Errorf("%s: %+v", name, p) })
	if err != nil {
		t.Error(err)
	}
}
