package db_test

import (
	"testing"

	"vunglom/db"
)

// plainly counts, over the raw rows of a province as one would by hand, what the answers about it say.
var plainly = map[string]string{
	"gap": `select (select count(*) from household h where h.registered_on <= $1 and coalesce(h.ended_on, 'infinity') > $1
			and not exists (select from visit v where v.household_code = h.code and v.visited_on <= $1 and v.outcome = 'guided')
			and coalesce((select v.outcome from visit v where v.household_code = h.code and v.visited_on <= $1 order by v.visited_on desc, v.code desc limit 1), '') <> 'ineligible')
		+ (select count(*) from address a where a.kind = 'household' and not exists (select from household h
			where (h.address_scheme, h.address_code) = (a.scheme, a.code) and h.registered_on <= $1 and coalesce(h.ended_on, 'infinity') > $1))`,
	"unplaced": `select count(*) from household h where h.address_code is null and h.registered_on <= $1 and coalesce(h.ended_on, 'infinity') > $1
		and not exists (select from visit v where v.household_code = h.code and v.visited_on <= $1 and v.outcome = 'guided')
		and coalesce((select v.outcome from visit v where v.household_code = h.code and v.visited_on <= $1 order by v.visited_on desc, v.code desc limit 1), '') <> 'ineligible'`,
	"clusters": `with gap as (
			select a.position from household h join address a on (a.scheme, a.code) = (h.address_scheme, h.address_code)
			where h.registered_on <= $1 and coalesce(h.ended_on, 'infinity') > $1
				and not exists (select from visit v where v.household_code = h.code and v.visited_on <= $1 and v.outcome = 'guided')
				and coalesce((select v.outcome from visit v where v.household_code = h.code and v.visited_on <= $1 order by v.visited_on desc, v.code desc limit 1), '') <> 'ineligible'
			union all
			select a.position from address a where a.kind = 'household' and not exists (select from household h
				where (h.address_scheme, h.address_code) = (a.scheme, a.code) and h.registered_on <= $1 and coalesce(h.ended_on, 'infinity') > $1)),
		metric as (select st_clusterdbscan(st_transform(position, 32648), 300, 1) over () as cluster from gap)
		select count(*) from (select from metric group by cluster having count(*) >= 10) c`,
	"in_no_polygon": `select count(*) from address a where not exists (select from unit u join polygon p on p.id = u.drawn_id
		where u.level = 'commune' and u.valid @> $1::date and st_covers(p.geometry, a.position))`,
	"no_address": `select count(*) from household where address_code is null and registered_on <= $1 and coalesce(ended_on, 'infinity') > $1`,
	"unregistered": `select count(*) from address a where a.kind = 'household' and not exists (select from household h
		where (h.address_scheme, h.address_code) = (a.scheme, a.code) and h.registered_on <= $1 and coalesce(h.ended_on, 'infinity') > $1)`,
	"declared_hamlet_elsewhere": `select count(*) from address a where $1::date is not null and a.hamlet_code is not null and exists (select from unit u join polygon p on p.id = u.polygon_id
			where u.level = 'hamlet' and u.valid @> a.surveyed_on and st_covers(p.geometry, a.position))
		and not exists (select from unit u join polygon p on p.id = u.polygon_id
			where u.level = 'hamlet' and u.code = a.hamlet_code and u.valid @> a.surveyed_on and st_covers(p.geometry, a.position))`,
	"adopted_before_visit": `select count(*) from adoption a where a.adopted_on <= $1
		and a.adopted_on < coalesce((select min(visited_on) from visit v where v.household_code = a.household_code), 'infinity')`,
	"team_without_members": `select count(*) from team t where t.active @> $1::date and not exists (select from member m where m.team_code = t.code and m.joined @> $1::date)`,
}

// TestDemoProvinceAgreesWithPlainSQL holds areas and checks of a small demo province to plain statements over its rows.
func TestDemoProvinceAgreesWithPlainSQL(t *testing.T) {
	t.Parallel()
	d := newSynthetic(t)
	for _, day := range []string{"2024-09-30", "2026-10-31"} {
		areas, err := d.GapAreas(t.Context(), db.DefaultGapAreaQuery(parse(day)))
		if err != nil {
			t.Fatal(err)
		}
		checks, err := d.Quality(t.Context(), db.DefaultQualityQuery(parse(day)))
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]int{"gap": areas.Households, "unplaced": areas.Unplaced, "clusters": len(areas.Areas)}
		for _, c := range checks {
			got[c.Kind] = c.Count
		}
		for what, sql := range plainly {
			var want int
			if err := d.sql.QueryRowContext(t.Context(), sql, day).Scan(&want); err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			if got[what] != want {
				t.Errorf("%s on %s: %d, want %d", what, day, got[what], want)
			}
		}
	}
}
