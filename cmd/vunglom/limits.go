package main

import (
	"fmt"
	"maps"
	"net/netip"
	"os"
	"time"

	"vunglom/graph"
	"vunglom/quota"
	"vunglom/web"
)

// limiting is the flags that serve and demo share about how much anybody may ask for.
type limiting struct {
	Body          int64         `name:"limit-body" env:"VUNGLOM_LIMIT_BODY" default:"1048576" placeholder:"N" help:"Thân một yêu cầu, byte. · Body of a request, bytes."`
	Upload        int64         `name:"limit-upload" env:"VUNGLOM_LIMIT_UPLOAD" default:"2147483648" placeholder:"N" help:"Thân một yêu cầu gửi gói dữ liệu, byte. · Body of a request that sends a bundle, bytes."`
	Tokens        int           `name:"limit-tokens" env:"VUNGLOM_LIMIT_TOKENS" default:"10000" placeholder:"N" help:"Từ trong một truy vấn. · Tokens of a query."`
	Depth         int           `name:"limit-depth" env:"VUNGLOM_LIMIT_DEPTH" default:"15" placeholder:"N" help:"Số tầng trường lồng nhau. · Nested fields of a query."`
	Aliases       int           `name:"limit-aliases" env:"VUNGLOM_LIMIT_ALIASES" default:"100" placeholder:"N" help:"Số trường được đổi tên. · Fields that a query renames."`
	RootFields    int           `name:"limit-root-fields" env:"VUNGLOM_LIMIT_ROOT_FIELDS" default:"20" placeholder:"N" help:"Số trường gốc. · Fields of a query's root."`
	Page          int           `name:"limit-page" env:"VUNGLOM_LIMIT_PAGE" default:"1000" placeholder:"N" help:"Số mục một trang, nhiều nhất 1.000. · Items of a page, 1,000 at most."`
	Cost          int           `name:"limit-cost" env:"VUNGLOM_LIMIT_COST" default:"100000" placeholder:"N" help:"Giá một truy vấn, bằng số đối tượng câu trả lời có thể có. · Cost of a query, in objects that its answer may hold."`
	Time          time.Duration `name:"limit-time" env:"VUNGLOM_LIMIT_TIME" default:"30s" placeholder:"TIME" help:"Thời gian cho một yêu cầu. · Time for a request, its statements included."`
	Connections   int           `name:"limit-connections" env:"VUNGLOM_LIMIT_CONNECTIONS" default:"1000" placeholder:"N" help:"Số kết nối theo dõi, tất cả máy khách. · Connections with subscriptions, of all clients."`
	Subscriptions int           `name:"limit-subscriptions" env:"VUNGLOM_LIMIT_SUBSCRIPTIONS" default:"20" placeholder:"N" help:"Số subscription mỗi WebSocket. · Subscriptions of a WebSocket."`

	ClientRequests int     `name:"client-requests" env:"VUNGLOM_CLIENT_REQUESTS" default:"100" placeholder:"N" help:"Số yêu cầu cùng lúc mỗi máy khách. · Requests of a client at a time."`
	ClientStreams  int     `name:"client-streams" env:"VUNGLOM_CLIENT_STREAMS" default:"100" placeholder:"N" help:"Số kết nối theo dõi mỗi máy khách. · Connections with subscriptions of a client."`
	ClientRate     float64 `name:"client-rate" env:"VUNGLOM_CLIENT_RATE" default:"50000" placeholder:"N" help:"Giá mỗi giây mỗi máy khách. · Cost a second that a client may ask for."`
	ClientBurst    int     `name:"client-burst" env:"VUNGLOM_CLIENT_BURST" default:"2000000" placeholder:"N" help:"Giá một máy khách đã nghỉ được hỏi ngay. · Cost that a client who has rested may ask for at once."`

	Proxies       []string `name:"trusted-proxy" env:"VUNGLOM_TRUSTED_PROXY" placeholder:"CIDR" help:"Proxy mà X-Forwarded-For của nó được tin, như 127.0.0.1 hoặc 10.0.0.0/8. · Proxies whose X-Forwarded-For is believed."`
	Trusted       string   `name:"trusted-documents" env:"VUNGLOM_TRUSTED_DOCUMENTS" placeholder:"FILE" help:"Chỉ trả lời các truy vấn trong tệp JSON này (mã → truy vấn) và của bảng điều khiển. · Answer only the documents of this JSON file (id → document), and the dashboard's."`
	Introspection bool     `env:"VUNGLOM_INTROSPECTION" default:"true" negatable:"" help:"Cho hỏi lược đồ. · Let anybody ask for the schema."`
	GraphiQL      bool     `name:"graphiql" env:"VUNGLOM_GRAPHIQL" default:"true" negatable:"" help:"Phục vụ trang /graphiql. · Serve the page /graphiql."`
}

// limits returns the limits of requests, and who ask with each one's share.
func (l limiting) limits() (graph.Limits, *quota.Clients, error) {
	limits := graph.Limits{BodyBytes: l.Body, Upload: l.Upload, Tokens: l.Tokens, Depth: l.Depth, Aliases: l.Aliases, RootFields: l.RootFields, Page: l.Page, Cost: l.Cost,
		Timeout: l.Time, Connections: l.Connections, Subscriptions: l.Subscriptions}
	for _, each := range []struct {
		name  string
		value float64
	}{{"limit-body", float64(l.Body)}, {"limit-upload", float64(l.Upload)}, {"limit-tokens", float64(l.Tokens)}, {"limit-depth", float64(l.Depth)}, {"limit-aliases", float64(l.Aliases)},
		{"limit-root-fields", float64(l.RootFields)}, {"limit-page", float64(l.Page)}, {"limit-cost", float64(l.Cost)}, {"limit-time", float64(l.Time)},
		{"limit-connections", float64(l.Connections)}, {"limit-subscriptions", float64(l.Subscriptions)},
		{"client-requests", float64(l.ClientRequests)}, {"client-streams", float64(l.ClientStreams)}, {"client-rate", l.ClientRate}} {
		if !(each.value > 0) {
			return limits, nil, fmt.Errorf("--%[1]s phải trên 0 · --%[1]s must be more than 0", each.name)
		}
	}
	if most := graph.DefaultLimits().Page; l.Page > most {
		return limits, nil, fmt.Errorf("--limit-page nhiều nhất là %[1]d · --limit-page is %[1]d at most", most)
	}
	if least := max(l.Cost+graph.EntryCost, web.FileCost); l.ClientBurst < least {
		return limits, nil, fmt.Errorf("--client-burst phải từ %[1]d, cho một tệp và một truy vấn có giá --limit-cost · --client-burst must be %[1]d or more, for a file and for a query that costs --limit-cost", least)
	}
	shares := quota.Settings{Requests: l.ClientRequests, Streams: l.ClientStreams, Rate: l.ClientRate, Burst: l.ClientBurst}
	for _, text := range l.Proxies {
		prefix, err := netip.ParsePrefix(text)
		if address, single := netip.ParseAddr(text); single == nil {
			prefix, err = address.Prefix(address.BitLen())
		}
		if err != nil {
			return limits, nil, fmt.Errorf("--trusted-proxy phải là một địa chỉ hoặc một mạng như 10.0.0.0/8 · --trusted-proxy must be an address or a network like 10.0.0.0/8: %w", err)
		}
		shares.Proxies = append(shares.Proxies, prefix.Masked())
	}
	return limits, quota.New(shares), nil
}

// trusted returns the documents that are answered, and no others; nil: any.
func (l limiting) trusted() (graph.Trusted, error) {
	if l.Trusted == "" {
		return nil, nil
	}
	manifest, err := os.ReadFile(l.Trusted)
	if err != nil {
		return nil, fmt.Errorf("--trusted-documents: %w", err)
	}
	documents, err := graph.ReadTrusted(manifest)
	if err != nil {
		return nil, fmt.Errorf("--trusted-documents %s: %w", l.Trusted, err)
	}
	own, err := graph.ReadTrusted(web.AppDocuments())
	if err != nil {
		return nil, fmt.Errorf("the dashboard's documents: %w", err)
	}
	maps.Copy(documents, own)
	return documents, nil
}
