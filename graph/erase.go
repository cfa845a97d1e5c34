package graph

import (
	"context"
	"time"

	"vunglom/db"
	"vunglom/graph/model"
)

func (r mutationResolver) EraseHousehold(ctx context.Context, province, household string) (*model.HouseholdErasure, error) {
	for _, code := range []string{province, household} {
		if err := checkCode(code); err != nil {
			return nil, err
		}
	}
	e, err := r.db.EraseHouseholds(ctx, db.Erasing{Province: province, Households: []string{household}, Now: r.now().UTC().Truncate(time.Microsecond)})
	if err != nil {
		return nil, err
	}
	if len(e.Unknown) > 0 { // the sentence does not say the code again: errors are logged by clients
		return nil, &Error{CodeNotFound, "tỉnh này không có hộ mang mã ấy / the province has no household of that code"}
	}
	return &model.HouseholdErasure{Already: e.Already > 0, Visits: e.Visits, Adoptions: e.Adoptions, Snapshot: e.Snapshot}, nil
}
