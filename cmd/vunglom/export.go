package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"vunglom/db"
	"vunglom/export"
	"vunglom/table"
)

// exportCommand writes files: a bundle, or what a query answers. Without the name of a file it is a bundle's.
type exportCommand struct {
	Bundle    bundleExport   `cmd:"" default:"withargs" help:"Gói dữ liệu của một tỉnh. · A province's stored data as a bundle."`
	Coverage  coverageExport `cmd:"" help:"Độ phủ của các đơn vị một cấp. · Coverage of the units of a level."`
	Gaps      gapExport      `cmd:"" help:"Các vùng lõm và lý do. · Coverage gaps and why."`
	GapAreas  gapAreaExport  `cmd:"" help:"Cụm hộ chưa tới, không theo ranh giới ấp. · Areas of gap households across hamlets."`
	Plan      planExport     `cmd:"" help:"Đặt tổ mới ở đâu. · Where new teams should stand."`
	Quality   qualityExport  `cmd:"" help:"Tình trạng dữ liệu: từng lỗi. · The state of the data: every defect."`
	Addresses addressExport  `cmd:"" help:"Địa chỉ và tình trạng. · Addresses and how far each has been reached."`
}

// output is where a file goes. The other flags of its command are the query's arguments, checked where the server
// checks its own.
type output struct {
	Out     string `short:"o" type:"path" placeholder:"FILE" help:"Tệp nhận; - là đầu ra chuẩn. · The file to write; - is standard output." default:"-"`
	Format  string `placeholder:"FORMAT" help:"csv, xlsx, geojson hoặc gpkg; mặc định theo đuôi tệp, không có thì csv. · By default what the file's name ends in, else csv."`
	Lang    string `placeholder:"vi|en" help:"Ngôn ngữ của tiêu đề. · Language of the headers."`
	Headers string `placeholder:"text|name" help:"Tiêu đề: chữ hoặc tên trong API. · Headers: words, or the API's names."`
	AsOf    string `placeholder:"DAY" help:"Ngày của số liệu; mặc định hôm nay. · The day of the figures; default today."`
}

// scope is what most queries can be narrowed to.
type scope struct {
	Within string `placeholder:"LEVEL:CODE" help:"Chỉ trong đơn vị này, như COMMUNE:32041. · Only within this unit."`
	Bbox   string `placeholder:"W,S,E,N" help:"Chỉ trong khung này, độ. · Only what meets this box, in degrees."`
}

// redrawn are the boundaries of another day.
type redrawn struct {
	BoundariesAsOf string `placeholder:"DAY" help:"Ngày của địa giới; mặc định là ngày của số liệu. · The day of the boundaries; default the day of the figures."`
}

type coverageExport struct {
	output
	scope
	redrawn
	Level          string `placeholder:"LEVEL" help:"province, district, commune hoặc hamlet; mặc định commune. · Default commune."`
	RemoteOnly     bool   `help:"Chỉ vùng xa. · Only remote units."`
	Measure        string `placeholder:"MEASURE" help:"Số đo của bản đồ. · The map's measure, for the columns value and class."`
	Service        string `placeholder:"CODE" help:"Dịch vụ, với SERVICE_SHARE. · A service, with SERVICE_SHARE."`
	Classification string `placeholder:"NAME" help:"QUANTILE, EQUAL_INTERVAL, JENKS."`
	Classes        string `placeholder:"N" help:"Số lớp, 2 đến 9. · How many classes, 2 to 9."`
	Zoom           string `placeholder:"Z" help:"Giản lược đường biên cho mức zoom này. · Generalise borders for this zoom."`
}

type gapExport struct {
	output
	scope
	redrawn
	RemoteOnly             bool     `help:"Chỉ vùng xa. · Only remote hamlets."`
	Reasons                []string `placeholder:"REASON,…" help:"Chỉ các lý do này. · Only these reasons."`
	MinGapHouseholds       string   `placeholder:"N" help:"Ít nhất chừng này hộ. · At least so many households."`
	Target                 string   `placeholder:"SHARE" help:"Ngưỡng tỷ lệ, 0 đến 1. · The target share, 0 to 1."`
	TeamReachMetres        string   `placeholder:"M" help:"Tầm với của tổ, mét. · How far a team reaches, metres."`
	MaxHouseholdsPerMember string   `placeholder:"N" help:"Số hộ tối đa một thành viên. · The most households a member can serve."`
	StaleAfterMonths       string   `placeholder:"N" help:"Bao nhiêu tháng là đã lâu. · After how many months a visit is stale."`
	Zoom                   string   `placeholder:"Z" help:"Giản lược đường biên cho mức zoom này. · Generalise borders for this zoom."`
}

type gapAreaExport struct {
	output
	scope
	DistanceMetres string `placeholder:"M" help:"Hai hộ cách nhau tối đa chừng này thì cùng cụm, mét. · Households at most so far apart are in one area, metres."`
	MinHouseholds  string `placeholder:"N" help:"Ít hơn thì là rải rác. · Fewer are scattered."`
}

type planExport struct {
	output
	scope
	planning
	Teams        string `placeholder:"N" help:"Số tổ mới, 1 đến 200; mặc định 10. · How many new teams, 1 to 200; default 10."`
	Share        string `placeholder:"SHARE" help:"Ít tổ nhất để đạt tỷ lệ này, 0 đến 1. · The fewest teams that reach this share, 0 to 1."`
	ReachMetres  string `placeholder:"M" help:"Tầm với, mét. · How far a team reaches, metres."`
	Capacity     string `placeholder:"N" help:"Số hộ một tổ phục vụ được. · Households that one team can serve."`
	Demand       string `placeholder:"NAME" help:"GAP_HOUSEHOLDS, ALL_HOUSEHOLDS."`
	Candidates   string `placeholder:"NAME" help:"HAMLETS, SERVICE_POINTS, ADDRESSES."`
	KeepExisting bool   `negatable:"" default:"true" help:"Tính cả các tổ đang có. · Existing teams count."`
	CrossBorders bool   `negatable:"" default:"true" help:"Với qua ranh giới. · Reach across borders."`
	Months       string `placeholder:"N" help:"Tính chi phí cho số tháng. · Reckon the cost for so many months."`
}

type qualityExport struct {
	output
	Within           string   `placeholder:"LEVEL:CODE" help:"Chỉ trong đơn vị này, như COMMUNE:32041. · Only within this unit."`
	StaleAfterMonths string   `placeholder:"N" help:"Bao nhiêu tháng là đã cũ. · After how many months a figure is old."`
	Kinds            []string `placeholder:"KIND,…" help:"Chỉ các loại lỗi này. · Only these kinds of defect."`
}

type addressExport struct {
	output
	scope
	Status []string `placeholder:"STATUS,…" help:"Chỉ các tình trạng này. · Only these statuses."`
}

// outFlags are the flags that are no arguments of a query.
var outFlags = map[string]bool{"out": true, "format": true, "team-setup-cost": true, "team-month-cost": true, "plan-months": true}

// Run writes the plan with its cost.
func (c planExport) Run(ctx context.Context, line *kong.Context, settings *Settings, to *streams) error {
	cost, err := c.cost()
	if err != nil {
		return err
	}
	return c.write(ctx, line, settings, to, cost)
}

// Run writes the file that the command is named after.
func (o output) Run(ctx context.Context, line *kong.Context, settings *Settings, to *streams) error {
	return o.write(ctx, line, settings, to, nil)
}

// write writes a file. Flags are arguments under their names in the API.
func (o output) write(ctx context.Context, line *kong.Context, settings *Settings, to *streams, cost *db.TeamCost) (err error) {
	format := table.Format(strings.ToLower(cmp.Or(o.Format, strings.TrimPrefix(filepath.Ext(o.Out), "."), string(table.CSV))))
	node := line.Selected()
	values := url.Values{}
	for _, flag := range node.Flags {
		if flag.Set && !outFlags[flag.Name] && flag.Group == nil {
			switch v := flag.Target.Interface().(type) {
			case string:
				values.Set(apiName(flag.Name), v)
			case bool:
				values.Set(apiName(flag.Name), strconv.FormatBool(v))
			case []string:
				values[apiName(flag.Name)] = v
			}
		}
	}
	file, err := export.Read(node.Name, format, values, db.Today(time.Now()))
	if err != nil {
		return err
	}
	st, err := settings.openStore(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.close(ctx)) }()
	st.TeamCost = cost
	step, finish := newProgress(to.err)
	file.Step = func(rows int) { step(node.Name, int64(rows), 0) }
	if o.Out == "-" {
		err = file.Write(ctx, st.DB, func(*table.About) (io.Writer, error) { return to.out, nil })
		finish()
		return err
	}
	err = writeWhole(o.Out, func(out io.Writer) error {
		return file.Write(ctx, st.DB, func(*table.About) (io.Writer, error) { return out, nil })
	})
	finish()
	if err == nil {
		fmt.Fprintf(to.err, "Đã ghi · Written: %s\n", o.Out)
	}
	return err
}

// apiName turns a flag into the API's name of the argument: as-of is asOf.
func apiName(flag string) string {
	words := strings.Split(flag, "-")
	for i, word := range words[1:] {
		words[i+1] = strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.Join(words, "")
}

type bundleExport struct {
	Out      string `arg:"" type:"path" placeholder:"DIR" help:"Thư mục nhận gói. · The folder to write."`
	Bundle   bool   `help:"Nói rõ là gói; cũng là mặc định. · Says that it is a bundle, which it is anyway."`
	Province string `env:"VUNGLOM_PROVINCE" placeholder:"CODE" help:"Mã tỉnh; không cần nếu chỉ có một. · The province's code, such as 96; not needed where only one is loaded."`
}

// Run writes a province's stored data as a bundle.
func (c bundleExport) Run(ctx context.Context, settings *Settings, to *streams) (err error) {
	st, err := settings.openStore(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.close(ctx)) }()
	if c.Province == "" {
		if c.Province, err = onlyProvince(ctx, st); err != nil {
			return err
		}
	}
	step, finish := newProgress(to.err)
	err = st.Export(ctx, c.Province, c.Out, step)
	finish()
	if err != nil {
		return err
	}
	fmt.Fprintf(to.err, "Gói đã có ở · The bundle is in %s\n", c.Out)
	return nil
}

// onlyProvince returns the province that is loaded, or says which are.
func onlyProvince(ctx context.Context, st *store) (string, error) {
	loaded, err := st.Datasets(ctx)
	if err != nil {
		return "", err
	}
	if len(loaded) == 1 {
		return loaded[0].Province, nil
	}
	codes := make([]string, len(loaded))
	for i, s := range loaded {
		codes[i] = s.Province
	}
	return "", fmt.Errorf("hãy chọn tỉnh bằng --province · name the province with --province: %s", strings.Join(codes, ", "))
}
