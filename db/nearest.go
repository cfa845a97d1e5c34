package db

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

var (
	teamNearest         = query("team_nearest")
	servicePointNearest = query("service_point_nearest")
)

// PositionOnDay is a point and the day about which something is asked.
type PositionOnDay struct {
	Position
	Day time.Time
}

// TeamDistance is a team and how far its base is, in metres on the ellipsoid of WGS 84.
type TeamDistance struct {
	Team           Team
	DistanceMetres float64
}

// ServicePoint is a place where people are served: a commune's counter, a post office.
type ServicePoint struct {
	Province string
	Code     string
	Name     string
	Kind     string // one_stop, post_office, other
	Position
}

// ServicePointDistance is a service point and how far it is, in metres on the ellipsoid of WGS 84.
type ServicePointDistance struct {
	ServicePoint
	DistanceMetres float64
}

// TeamsNearestTo returns, for each point on its day, the first so many (1 to 1,000) teams of kind cnscd that are active
// and have a base, the nearest first; one statement. A point with none is absent.
func (d *DB) TeamsNearestTo(ctx context.Context, points []PositionOnDay, first int) (map[PositionOnDay][]TeamDistance, error) {
	type row struct {
		Asked int
		Team
		DistanceMetres float64
	}
	found, err := askNearest[row](ctx, d, teamNearest, points, first)
	if err != nil {
		return nil, err
	}
	answer := make(map[PositionOnDay][]TeamDistance, len(points))
	for _, r := range found {
		asked := points[r.Asked-1]
		answer[asked] = append(answer[asked], TeamDistance{r.Team, r.DistanceMetres})
	}
	return answer, nil
}

// ServicePointsNearestTo returns, for each point on its day, the first so many (1 to 1,000) service points of every
// kind that are open, the nearest first; one statement. A point with none is absent.
func (d *DB) ServicePointsNearestTo(ctx context.Context, points []PositionOnDay, first int) (map[PositionOnDay][]ServicePointDistance, error) {
	type row struct {
		Asked int
		ServicePointDistance
	}
	found, err := askNearest[row](ctx, d, servicePointNearest, points, first)
	if err != nil {
		return nil, err
	}
	answer := make(map[PositionOnDay][]ServicePointDistance, len(points))
	for _, r := range found {
		asked := points[r.Asked-1]
		answer[asked] = append(answer[asked], r.ServicePointDistance)
	}
	return answer, nil
}

// askNearest runs a statement about points on days: three arrays of one length.
func askNearest[T any](ctx context.Context, d *DB, statement statement, points []PositionOnDay, first int) ([]T, error) {
	if err := checkFirst(first); err != nil {
		return nil, err
	}
	longitudes, latitudes, days := make([]float64, len(points)), make([]float64, len(points)), make([]time.Time, len(points))
	for i, p := range points {
		if err := p.check(); err != nil {
			return nil, err
		}
		longitudes[i], latitudes[i], days[i] = p.Longitude, p.Latitude, p.Day
	}
	return ask[T](ctx, d, statement, pgx.StrictNamedArgs{"longitudes": longitudes, "latitudes": latitudes, "days": days, "first": first})
}
