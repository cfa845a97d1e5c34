package lgsp

import (
	"context"
	"strings"
	"time"

	"vunglom/argument"
	"vunglom/db"
)

// unitName tells which unit is meant. A code alone does not: the same one has been another unit's before.
type unitName struct {
	Province  string `json:"province"`
	Level     string `json:"level"`
	Code      string `json:"code"`
	ValidFrom string `json:"validFrom"`
	FullName  string `json:"fullName"`
}

func nameOf(u *db.Unit) unitName {
	return unitName{u.Province, levelOf(u.Level), u.Code, date(u.ValidFrom), u.FullName}
}

func levelOf(level db.Level) string { return strings.ToUpper(string(level)) }

// unit is an administrative unit with those it lies in, the nearest first.
type unit struct {
	unitName
	Name    string     `json:"name"`
	Kind    string     `json:"kind"`
	ValidTo *string    `json:"validTo"`
	Derived bool       `json:"derived"`
	Parents []unitName `json:"parents"`
}

// placed makes units, and asks once where all of them lie on a day.
func placed(ctx context.Context, held *db.DB, units []*db.Unit, day time.Time) ([]unit, error) {
	asked := make([]db.OnDay, len(units))
	for i, u := range units {
		asked[i] = db.OnDay{Key: u.Key(), Day: day}
	}
	above, err := held.Ancestors(ctx, asked)
	if err != nil {
		return nil, err
	}
	made := make([]unit, len(units))
	for i, u := range units {
		made[i] = unit{unitName: nameOf(u), Name: u.Name, Kind: u.Kind, ValidTo: optionalDate(u.ValidTo), Derived: u.DerivedFrom != nil, Parents: []unitName{}}
		for _, parent := range above[asked[i]] {
			made[i].Parents = append(made[i].Parents, nameOf(&parent))
		}
	}
	return made, nil
}

// readUnits is the query `adminUnits`.
func readUnits(a *argument.Reader) question {
	filter := db.UnitFilter{Level: a.Level("level", ""), Within: a.Ref("within"), Box: a.Box("bbox")}
	q := question{within: filter.Within, day: a.Day("asOf"), page: readPage(a)}
	q.ask = func(ctx context.Context, held *db.DB) (list, error) {
		page, err := held.Units(ctx, filter, q.day, q.page)
		if err != nil {
			return list{}, err
		}
		units := make([]*db.Unit, len(page.Items))
		for i := range page.Items {
			units[i] = &page.Items[i]
		}
		made, err := placed(ctx, held, units, q.day)
		i := -1
		return listOf(&page, func(*db.Unit) unit { i++; return made[i] }), err
	}
	return q
}

// service is something that teams teach households to use.
type service struct {
	Code      string `json:"code"`
	NameVi    string `json:"nameVi"`
	NameEn    string `json:"nameEn"`
	CountedIn string `json:"countedIn"`
}

func serviceOf(s *db.Service) service {
	return service{s.Code, s.NameVi, s.NameEn, strings.ToUpper(s.CountedIn)}
}

// readServices is the query `services`: all of them, which are few.
func readServices(*argument.Reader) question {
	return question{ask: func(ctx context.Context, held *db.DB) (list, error) {
		found, err := held.Services(ctx)
		page := db.Page[db.Service]{Items: found, Total: len(found)}
		return listOf(&page, serviceOf), err
	}}
}
