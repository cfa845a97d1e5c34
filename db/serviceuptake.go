package db

import "context"

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
func (d *DB) Services(ctx context.Context) ([]Service, error) { return nil, nil }

// ServiceUptakes returns the use of every service of the unit's province, by code, for each unit on its day. Every
// unit that exists is in the answer.
func (d *DB) ServiceUptakes(ctx context.Context, units []OnDay) (map[OnDay][]ServiceUptake, error) {
	return nil, nil
}
