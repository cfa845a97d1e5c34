package export

import (
	"vunglom/db"
	"vunglom/table"
)

// figureColumns are those of a Coverage, figureCells its cells.
var figureColumns = []table.Column{
	{Name: "basis", Vi: "Căn cứ", En: "Basis", Kind: table.Code},
	{Name: "guided", Vi: "Đã được hướng dẫn (hộ)", En: "Guided (households)", Kind: table.Whole},
	{Name: "attempted", Vi: "Đã đến, chưa hướng dẫn (hộ)", En: "Attempted (households)", Kind: table.Whole},
	{Name: "notVisited", Vi: "Chưa ai đến (hộ)", En: "Not visited (households)", Kind: table.Whole},
	{Name: "ineligible", Vi: "Không thuộc diện (hộ)", En: "Ineligible (households)", Kind: table.Whole},
	{Name: "unknown", Vi: "Chưa có trong sổ (hộ)", En: "Unknown, not on the register (households)", Kind: table.Whole},
	{Name: "share", Vi: "Tỷ lệ hộ được hướng dẫn (0–1)", En: "Share guided (0–1)", Kind: table.Share},
	{Name: "shareLow", Vi: "Tỷ lệ thấp nhất có thể (0–1)", En: "Lowest possible share (0–1)", Kind: table.Share},
	{Name: "shareHigh", Vi: "Tỷ lệ cao nhất có thể (0–1)", En: "Highest possible share (0–1)", Kind: table.Share},
	{Name: "gapHouseholds", Vi: "Còn phải hướng dẫn (hộ)", En: "Yet to be guided (households)", Kind: table.Whole},
	{Name: "addresses", Vi: "Địa chỉ hộ (điểm)", En: "Household addresses (points)", Kind: table.Whole},
	{Name: "teams", Vi: "Tổ CNSCĐ (tổ)", En: "Teams (teams)", Kind: table.Whole},
	{Name: "members", Vi: "Thành viên tổ (người)", En: "Team members (people)", Kind: table.Whole},
	{Name: "householdsPerMember", Vi: "Hộ trên một thành viên (hộ/người)", En: "Households per member (households/person)", Kind: table.Number},
	{Name: "lastVisitOn", Vi: "Lần đến gần nhất (ngày)", En: "Last visit (day)", Kind: table.Day},
	{Name: "apportioned", Vi: "Phần chuyển từ báo cáo theo địa giới khác (0–1)", En: "Carried over from reports on other boundaries (0–1)", Kind: table.Share},
	{Name: "note", Vi: "Vì sao chưa biết", En: "Why unknown", Wide: 40},
}

func figureCells(cells []any, c *db.Coverage) []any {
	return append(cells, string(c.Basis), cell(c.Guided), cell(c.Attempted), cell(c.NotVisited), cell(c.Ineligible), cell(c.Unknown),
		cell(c.Share), cell(c.ShareLow), cell(c.ShareHigh), cell(c.GapHouseholds), c.Addresses, c.Teams, c.Members,
		cell(c.HouseholdsPerMember), cell(c.LastVisitOn), cell(c.Apportioned), cell(c.Note))
}

// remoteColumns are those of a Remoteness, remoteCells its cells.
var remoteColumns = []table.Column{
	{Name: "index", Vi: "Chỉ số vùng xa (0–1)", En: "Remoteness index (0–1)", Kind: table.Number},
	{Name: "remote", Vi: "Là vùng xa", En: "Remote", Kind: table.Truth},
	{Name: "serviceDistanceMetres", Vi: "Đến bộ phận một cửa (m)", En: "To the one-stop counter (m)", Kind: table.Metres},
	{Name: "teamDistanceMetres", Vi: "Đến tổ gần nhất (m)", En: "To the nearest team (m)", Kind: table.Metres},
	{Name: "addressesPerKm2", Vi: "Mật độ địa chỉ hộ (điểm/km²)", En: "Household addresses (points/km²)", Kind: table.Number},
	{Name: "designated", Vi: "Thuộc diện công nhận", En: "Designated", Kind: table.Truth},
}

func remoteCells(cells []any, r *db.Remoteness) []any {
	if r == nil {
		return append(cells, nil, nil, nil, nil, nil, nil)
	}
	return append(cells, r.Index, r.Remote, cell(r.ServiceDistanceMetres), cell(r.TeamDistanceMetres), cell(r.AddressesPerKm2), r.Designated)
}
