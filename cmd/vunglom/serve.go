package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"sync"
	"time"

	"vunglom/graph"
	"vunglom/quota"
	"vunglom/web"
	"vunglom/webhook"
)

// listening is the flags that serve and demo share about what is served where.
type listening struct {
	Listen         string        `env:"VUNGLOM_LISTEN" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Địa chỉ phục vụ. · The address to serve on."`
	Basemap        string        `name:"basemap-style" env:"VUNGLOM_BASEMAP_STYLE" placeholder:"URL" help:"Bản đồ nền (kiểu MapLibre), mọi thứ cùng một máy chủ; bỏ trống: không có. · MapLibre style of a base map, all of it from one host; empty: none."`
	TileCacheBytes int64         `env:"VUNGLOM_TILE_CACHE_BYTES" default:"67108864" placeholder:"N" help:"Bộ nhớ cho các ô bản đồ đã vẽ, byte; 0: không giữ. · Memory for map tiles, bytes; 0: none is kept."`
	Stall          time.Duration `name:"stall" env:"VUNGLOM_STALL" default:"1m" placeholder:"TIME" help:"Chờ bao lâu một máy khách không nhận hay gửi tiếp tệp của mình. · How long a client is waited for that takes or sends nothing of its file."`
	Grace          time.Duration `name:"shutdown-grace" env:"VUNGLOM_SHUTDOWN_GRACE" default:"35s" placeholder:"TIME" help:"Khi dừng, các câu trả lời dở dang có bấy lâu để xong. · How long answers under way may take once the program is told to stop."`
	Origins        []string      `name:"origin" env:"VUNGLOM_ORIGIN" placeholder:"HOST" help:"Máy chủ khác mà trang của nó được mở WebSocket, như maps.example.vn. · Other hosts whose pages may open a WebSocket; *.example.vn for all of one."`
	LGSPSettings   string        `name:"lgsp-settings" env:"VUNGLOM_LGSP_SETTINGS" placeholder:"FILE" help:"Mã cơ quan và các hệ thống hỏi qua /lgsp/v1 (YAML hoặc JSON); xem docs/lgsp.md. · Agency codes, and the systems that ask at /lgsp/v1 (YAML or JSON)."`
	limiting
	doors
}

type serveCommand struct {
	listening
	planning
}

// Run serves until it is told to stop.
func (c serveCommand) Run(ctx context.Context, settings *Settings, to *streams) (err error) {
	cost, err := c.cost()
	if err != nil {
		return err
	}
	at, err := c.open(ctx) // before the database: a port in use is told at once
	if err != nil {
		return err
	}
	st, err := settings.openStore(ctx)
	if err != nil {
		return errors.Join(err, at.Close())
	}
	st.TeamCost = cost
	defer func() { err = errors.Join(err, st.close(ctx)) }()
	c.warn(to.err)
	fmt.Fprintf(to.err, "Đang phục vụ · Serving http://%s\n", at.Addr())
	return c.serve(ctx, at, st)
}

// door is a port that was taken, and how it is served.
type door struct {
	net.Listener
	limits  graph.Limits
	clients *quota.Clients
	trusted graph.Trusted
	options web.Options // who may see what
}

// open takes the port. Settings that can't be are refused first, and read once.
func (l listening) open(ctx context.Context) (*door, error) {
	if err := l.check(l.Listen); err != nil {
		return nil, err
	}
	style, err := url.Parse(l.Basemap)
	if l.Basemap != "" && (err != nil || style.Host == "" || style.Scheme != "https" && style.Scheme != "http") {
		return nil, errors.New("--basemap-style phải là một địa chỉ https:// hoặc http:// · --basemap-style must be an https:// or http:// address")
	}
	if l.TileCacheBytes < 0 {
		return nil, errors.New("--tile-cache-bytes phải từ 0 · --tile-cache-bytes must be 0 or more")
	}
	if l.Stall <= 0 || l.Grace < 0 {
		return nil, errors.New("--stall phải trên 0, --shutdown-grace từ 0 · --stall must be more than 0, --shutdown-grace 0 or more")
	}
	var opened door
	var wrong [3]error
	opened.limits, opened.clients, wrong[0] = l.limits()
	opened.trusted, wrong[1] = l.trusted()
	opened.options, wrong[2] = l.options(l.LGSPSettings)
	if err := errors.Join(wrong[:]...); err != nil {
		return nil, err
	}
	var config net.ListenConfig
	if opened.Listener, err = config.Listen(ctx, "tcp", l.Listen); err != nil {
		return nil, fmt.Errorf("%w; chọn địa chỉ khác · choose another address: --listen", err)
	}
	return &opened, nil
}

// serve answers at a door until the context ends, then ends subscriptions and lets answers under way finish.
func (l listening) serve(ctx context.Context, at *door, st *store) error {
	limits, options := at.limits, at.options
	figures, err := l.openMetrics(ctx, &options)
	if err != nil {
		return err
	}
	defer figures()
	api := graph.NewHandler(st.DB, graph.Options{RequestID: web.RequestID, Until: ctx, Origins: l.Origins, Limits: limits, Clients: at.clients,
		Trusted: at.trusted, HideSchema: !l.Introspection, Stall: l.Stall, Callers: options.Callers})
	options.DB, options.GraphQL, options.Version, options.Basemap = st.DB, api, programVersion(), l.Basemap
	options.TileCacheBytes, options.Subscriptions, options.Stall, options.Until = l.TileCacheBytes, api.Subscriptions, l.Stall, ctx
	options.BodyBytes, options.Timeout, options.Clients, options.Page = limits.BodyBytes, limits.Timeout, at.clients, limits.Page
	options.NoGraphiQL = !l.GraphiQL || at.trusted != nil // it could ask nothing
	server := web.NewServer(at.Addr().String(), web.New(options), slog.Default())
	server.WriteTimeout = limits.Timeout + time.Minute // to send what came of it
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(at) }()
	var beside sync.WaitGroup
	defer beside.Wait()
	open, close := context.WithCancel(ctx)
	defer close()
	beside.Go(func() { again(open, publishEvery, st.DB, keepPublished) })
	beside.Go(func() { again(open, buryEvery, st.DB, buryJobs) })
	beside.Go(func() {
		teller := webhook.Teller{DB: st.DB, Systems: options.LGSP.Webhooks(), Retry: options.LGSP.WebhookRetry}
		teller.Run(open)
	})
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	slog.InfoContext(ctx, "stopping", "cause", context.Cause(ctx), "grace", l.Grace)
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), l.Grace)
	defer cancel()
	err = server.Shutdown(grace)
	if err == nil {
		err = api.Wait(grace) // the server does not know of WebSockets any more
	}
	if err != nil {
		slog.WarnContext(ctx, "answers under way were cut off", "after", l.Grace)
		return server.Close()
	}
	return nil
}
