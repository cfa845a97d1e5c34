package export

import (
	"context"

	"vunglom/db"
	"vunglom/table"
)

var planTable = &table.Table{
	Name: "plan", Vi: "Phương án đặt tổ", En: "Plan of teams", Geometry: table.Point, Fixed: 1,
	Columns: []table.Column{
		{Name: "order", Vi: "Thứ tự thành lập", En: "Order of founding", Kind: table.Whole},
		{Name: "hamletCode", Vi: "Mã ấp, khóm", En: "Hamlet code", Kind: table.Code},
		{Name: "hamletName", Vi: "Ấp, khóm", En: "Hamlet"},
		communeCode, communeName,
		{Name: "gained", Vi: "Thêm được (hộ)", En: "Gained (households)", Kind: table.Whole},
		{Name: "coveredSoFar", Vi: "Cộng dồn trong tầm (hộ)", En: "Covered so far (households)", Kind: table.Whole},
		longitude, latitude,
	},
}

// plan is the query `planTeams`, its input's fields as arguments; with a share `minimumTeams`.
func plan(a *arguments) question {
	q := db.DefaultPlanQuery(a.Whole("teams", 10), a.Day("asOf"))
	q.Within, q.Box = a.Ref("within"), a.Box("bbox")
	q.ReachMetres = a.Number("reachMetres", q.ReachMetres)
	q.Capacity, q.Months = a.OptionalWhole("capacity"), a.OptionalWhole("months")
	q.Demand = db.PlanDemand(a.Choice("demand", string(q.Demand), "GAP_HOUSEHOLDS", "ALL_HOUSEHOLDS"))
	q.Candidates = db.PlanCandidates(a.Choice("candidates", string(q.Candidates), "HAMLETS", "SERVICE_POINTS", "ADDRESSES"))
	q.KeepExisting, q.CrossBorders = a.Truth("keepExisting", q.KeepExisting), a.Truth("crossBorders", q.CrossBorders)
	share := a.Optional("share")
	a.listing = func(ctx context.Context, d *db.DB) (*db.Listing, error) { return d.PlanListing(ctx, q) }
	return func(ctx context.Context, held *db.DB) (*content, error) {
		var p *db.TeamPlan
		var err error
		if share != nil {
			p, err = held.MinimumTeams(ctx, q, *share)
		} else {
			p, err = held.PlanTeams(ctx, q)
		}
		if err != nil {
			return nil, err
		}
		return &content{table: planTable, asOf: q.Day, notes: planNotes(p), rows: func(yield func(*table.Row) error) error {
			row := table.Row{At: new([2]float64)}
			for i := range p.Sites {
				s := &p.Sites[i]
				*row.At = [2]float64{s.Position.Longitude, s.Position.Latitude}
				row.Province, row.Cells = "", append(row.Cells[:0], i+1)
				for _, u := range []*db.Unit{s.Hamlet, s.Commune} {
					if u == nil {
						row.Cells = append(row.Cells, nil, nil)
						continue
					}
					row.Province, row.Cells = u.Province, append(row.Cells, u.Code, u.FullName)
				}
				row.Cells = append(row.Cells, s.Gained, s.CoveredSoFar, s.Position.Longitude, s.Position.Latitude)
				if err := yield(&row); err != nil {
					return err
				}
			}
			return nil
		}}, nil
	}
}

func planNotes(p *db.TeamPlan) []table.Note {
	notes := []table.Note{
		{Name: "demand", Vi: "Hộ cần tới, có vị trí (hộ)", En: "Demand with a place (households)", Value: p.Demand},
		{Name: "unplaced", Vi: "Bỏ ra vì không rõ vị trí (hộ)", En: "Left out, without a place (households)", Value: p.Unplaced},
		{Name: "coveredByExisting", Vi: "Các tổ đang có đã với tới (hộ)", En: "Covered by existing teams (households)", Value: p.CoveredByExisting},
		{Name: "covered", Vi: "Cùng các tổ mới với tới (hộ)", En: "Covered with the new teams (households)", Value: p.Covered},
		{Name: "upperBound", Vi: "Không cách đặt nào quá (hộ)", En: "No choice covers more than (households)", Value: p.UpperBound},
		{Name: "optimalityGap", Vi: "Còn cách mức ấy (0–1)", En: "Gap to that bound (0–1)", Value: p.OptimalityGap},
		{Name: "distance", Vi: "Khoảng cách", En: "Distance", Value: "đường chim bay trên ellipsoid WGS 84 · straight-line geodesic, WGS 84"},
	}
	if p.TeamsLowerBound != nil {
		notes = append(notes, table.Note{Name: "teamsLowerBound", Vi: "Ít nhất phải có (tổ mới)", En: "At least so many (new teams)", Value: *p.TeamsLowerBound})
	}
	if p.Cost != nil {
		notes = append(notes,
			table.Note{Name: "months", Vi: "Tính cho (tháng)", En: "Reckoned for (months)", Value: p.Months},
			table.Note{Name: "cost", Vi: "Chi phí (đồng)", En: "Cost (đồng)", Value: *p.Cost},
			table.Note{Name: "costPerHousehold", Vi: "Chi phí mỗi hộ thêm được (đồng/hộ)", En: "Cost per household gained (đồng/household)", Value: cell(p.CostPerHousehold)})
	}
	return notes
}
