package export

import (
	"context"

	"vunglom/db"
	"vunglom/table"
)

// statuses are the API's words for how far a household has been reached.
var statuses = []string{"GUIDED", "ATTEMPTED", "NOT_VISITED", "INELIGIBLE", "UNKNOWN"}

var addressTable = &table.Table{
	Name: "addresses", Vi: "Địa chỉ", En: "Addresses", Geometry: table.Point,
	Columns: []table.Column{
		province,
		{Name: "scheme", Vi: "Hệ mã", En: "Scheme", Kind: table.Code},
		{Name: "code", Vi: "Mã địa chỉ số", En: "Address code", Kind: table.Code},
		{Name: "kind", Vi: "Loại", En: "Kind", Kind: table.Code},
		{Name: "status", Vi: "Tình trạng", En: "Status", Kind: table.Code},
		communeCode, communeName,
		{Name: "hamletCode", Vi: "Mã ấp, khóm", En: "Hamlet code", Kind: table.Code},
		{Name: "hamletName", Vi: "Ấp, khóm", En: "Hamlet"},
		longitude, latitude,
	},
}

// addresses is the query `addresses`. An address is no household: nothing that names one is in it.
func addresses(a *arguments) question {
	filter, day := db.AddressFilter{Within: a.Ref("within"), Box: a.Box("bbox")}, a.Day("asOf")
	for _, s := range a.Choices("status", statuses...) {
		filter.Status = append(filter.Status, db.Status(s))
	}
	a.persons = filter.Listing(day)
	return func(ctx context.Context, held *db.DB) (*content, error) {
		if err := checkScope(ctx, held, filter.Within, day); err != nil {
			return nil, err
		}
		return &content{table: addressTable, asOf: day, rows: func(yield func(*table.Row) error) error {
			row := table.Row{Cells: make([]any, len(addressTable.Columns)), At: new([2]float64)}
			for r, err := range held.WholeAddresses(ctx, filter, day) {
				if err != nil {
					return err
				}
				row.Province, *row.At = r.Province, [2]float64{r.Longitude, r.Latitude}
				row.Cells = append(row.Cells[:0], r.Province, r.Scheme, r.Code, r.Kind, cell((*string)(r.Status)),
					cell(r.CommuneCode), cell(r.CommuneName), cell(r.HamletCode), cell(r.HamletName), r.Longitude, r.Latitude)
				if err := yield(&row); err != nil {
					return err
				}
			}
			return nil
		}}, nil
	}
}
