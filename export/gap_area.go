package export

import (
	"context"
	"strings"

	"vunglom/db"
	"vunglom/table"
)

var gapAreaTable = &table.Table{
	Name: "gap_areas", Vi: "Cụm hộ chưa tới", En: "Gap areas", Geometry: table.MultiPolygon, Fixed: 2,
	Columns: []table.Column{
		{Name: "id", Vi: "Mã cụm", En: "Area id", Kind: table.Code, Wide: 20},
		{Name: "households", Vi: "Còn phải hướng dẫn (hộ)", En: "Yet to be guided (households)", Kind: table.Whole},
		{Name: "hamletCount", Vi: "Số ấp, khóm có hộ (đơn vị)", En: "Hamlets touched (units)", Kind: table.Whole},
		{Name: "hamletCodes", Vi: "Mã các ấp, khóm", En: "Hamlet codes", Wide: 30},
		{Name: "hamletNames", Vi: "Các ấp, khóm", En: "Hamlets", Wide: 40},
		{Name: "nearestTeamCode", Vi: "Mã tổ gần nhất", En: "Nearest team's code", Kind: table.Code},
		{Name: "nearestTeamName", Vi: "Tổ gần nhất", En: "Nearest team", Wide: 40},
		{Name: "nearestTeamMetres", Vi: "Đến tổ gần nhất (m)", En: "To the nearest team (m)", Kind: table.Metres},
		{Name: "nearestServicePointCode", Vi: "Mã điểm phục vụ gần nhất", En: "Nearest service point's code", Kind: table.Code},
		{Name: "nearestServicePointName", Vi: "Điểm phục vụ gần nhất", En: "Nearest service point", Wide: 40},
		{Name: "nearestServicePointMetres", Vi: "Đến điểm phục vụ gần nhất (m)", En: "To the nearest service point (m)", Kind: table.Metres},
		longitude, latitude,
	},
}

// gapAreas is the query `gapAreas`: a row an area, with its hull; the coordinates are those of its centre.
func gapAreas(a *arguments) question {
	q := db.DefaultGapAreaQuery(a.Day("asOf"))
	q.Within, q.Box = a.Ref("within"), a.Box("bbox")
	q.DistanceMetres = a.Number("distanceMetres", q.DistanceMetres)
	q.MinHouseholds = a.Whole("minHouseholds", q.MinHouseholds)
	a.listing = func(ctx context.Context, d *db.DB) (*db.Listing, error) { return d.GapAreaListing(ctx, q) }
	return func(ctx context.Context, held *db.DB) (*content, error) {
		found, err := held.GapAreas(ctx, q)
		if err != nil {
			return nil, err
		}
		if err := found.Draw(ctx); err != nil {
			return nil, err
		}
		notes := []table.Note{
			{Name: "households", Vi: "Tất cả hộ còn phải hướng dẫn (hộ)", En: "All households yet to be guided (households)", Value: found.Households},
			{Name: "scattered", Vi: "Rải rác, không thành cụm (hộ)", En: "Scattered, in no area (households)", Value: found.Scattered},
			{Name: "unplaced", Vi: "Không rõ vị trí (hộ)", En: "Without a located address (households)", Value: found.Unplaced},
		}
		return &content{table: gapAreaTable, asOf: q.Day, notes: notes, rows: func(yield func(*table.Row) error) error {
			return gapAreaRows(ctx, held, q, found.Areas, yield)
		}}, nil
	}
}

func gapAreaRows(ctx context.Context, held *db.DB, q db.GapAreaQuery, areas []db.GapArea, yield func(*table.Row) error) error {
	var row table.Row
	for first := 0; first < len(areas); first += pageRows {
		some := areas[first:min(first+pageRows, len(areas))]
		centres := make([]db.PositionOnDay, len(some))
		for i := range some {
			centres[i] = db.PositionOnDay{Position: some[i].Centre, Day: q.Day}
		}
		teams, err := held.TeamsNearestTo(ctx, centres, 1)
		if err != nil {
			return err
		}
		points, err := held.ServicePointsNearestTo(ctx, centres, 1)
		if err != nil {
			return err
		}
		for i := range some {
			area := &some[i]
			var codes, names []string
			row.Province, row.Shape = "", area.Hull
			for _, h := range area.Hamlets {
				row.Province = h.Province
				codes, names = append(codes, h.Code), append(names, h.FullName)
			}
			row.Cells = append(row.Cells[:0], area.ID, area.Households, len(codes), strings.Join(codes, "; "), strings.Join(names, "; "))
			if near := teams[centres[i]]; len(near) > 0 {
				row.Cells = append(row.Cells, near[0].Team.Code, near[0].Team.Name, near[0].DistanceMetres)
			} else {
				row.Cells = append(row.Cells, nil, nil, nil)
			}
			if near := points[centres[i]]; len(near) > 0 {
				row.Cells = append(row.Cells, near[0].Code, near[0].Name, near[0].DistanceMetres)
			} else {
				row.Cells = append(row.Cells, nil, nil, nil)
			}
			row.Cells = append(row.Cells, area.Centre.Longitude, area.Centre.Latitude)
			if err := yield(&row); err != nil {
				return err
			}
		}
	}
	return nil
}
