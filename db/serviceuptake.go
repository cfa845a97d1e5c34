package db

import "context"

var (
	serviceAll          = query("service_all")
	serviceUptakeOfUnit = query("service_uptake_of_unit")
)

// Service is something that teams teach households to use.
type Service struct {
	Province  string
	Code      string
	NameVi    string
	NameEn    string
	CountedIn string // household, person, account, record, visit
}

// ServiceUptake is how many households of a unit use a service on a day. Share is over the households that Coverage's
// share is over; nil for services that are not counted in households, and without such households.
type ServiceUptake struct {
	Service    Service
	Households int
	Share      *float64
}

// Services returns the services of all provinces, each code once (as the first province that has it says), by code.
func (d *DB) Services(ctx context.Context) ([]Service, error) {
	found, err := ask[Service](ctx, d, serviceAll, nil)
	if err != nil {
		return nil, err
	}
	answer := found[:0]
	for _, s := range found {
		if len(answer) == 0 || answer[len(answer)-1].Code != s.Code {
			answer = append(answer, s)
		}
	}
	return answer, nil
}

// ServiceUptakes returns the use of every service of the unit's province, by code, for each unit on its day. Every
// unit whose province has services is in the answer.
func (d *DB) ServiceUptakes(ctx context.Context, units []OnDay) (map[OnDay][]ServiceUptake, error) {
	return onOwn(ctx, units, d.ServiceUptakesOn)
}

// ServiceUptakesOn is ServiceUptakes on the boundaries of another day.
func (d *DB) ServiceUptakesOn(ctx context.Context, units []OnBoundaries) (map[OnBoundaries][]ServiceUptake, error) {
	type row struct {
		Asked int
		Service
		Households int
		Share      *float64
	}
	found, err := ask[row](ctx, d, serviceUptakeOfUnit, onBoundariesArgs(units))
	if err != nil {
		return nil, err
	}
	answer := make(map[OnBoundaries][]ServiceUptake, len(units))
	for _, r := range found {
		asked := units[r.Asked-1]
		answer[asked] = append(answer[asked], ServiceUptake{r.Service, r.Households, r.Share})
	}
	return answer, nil
}
