package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"

	"vunglom/access"
	"vunglom/auth"
	"vunglom/lgsp"
	"vunglom/web"
)

// doors is the flags that serve and demo share about who may see what.
type doors struct {
	Auth           string `env:"VUNGLOM_AUTH" enum:"none,oidc" default:"none" help:"Ai được hỏi: none (chỉ máy này, thấy mọi thứ) hoặc oidc (OpenID Connect). · Who may ask: none (this machine only, which sees everything) or oidc (OpenID Connect)."`
	AuthSettings   string `env:"VUNGLOM_AUTH_SETTINGS" placeholder:"FILE" help:"Nhà cung cấp danh tính, vai trò và phạm vi (YAML hoặc JSON); xem docs/access.md. · Issuers, roles and where they hold (YAML or JSON)."`
	InsecureListen bool   `env:"VUNGLOM_INSECURE_LISTEN" help:"Với --auth none vẫn nhận kết nối từ máy khác: ai cũng thấy mọi thứ, kể cả hộ. · With --auth none take connections of other machines all the same: everybody sees everything, households too."`
	MetricsListen  string `env:"VUNGLOM_METRICS_LISTEN" placeholder:"HOST:PORT" help:"Địa chỉ phục vụ riêng /metrics, không cần đăng nhập. · An address that serves /metrics alone, without signing in."`
}

// check refuses settings that would show everything to everybody, or that do not fit together.
func (d doors) check(listen string) error {
	switch {
	case d.Auth == "oidc" && d.AuthSettings == "":
		return errors.New("--auth oidc cần --auth-settings FILE; xem docs/access.md · --auth oidc needs --auth-settings FILE; see docs/access.md")
	case d.Auth != "oidc" && d.AuthSettings != "":
		return errors.New("--auth-settings chỉ dùng với --auth oidc; hãy thêm nó · --auth-settings goes with --auth oidc; add it")
	case d.Auth == "oidc", d.InsecureListen:
		return nil
	case d.MetricsListen != "" && !onLoopback(d.MetricsListen):
		return fmt.Errorf("--metrics-listen %[1]s: với --auth none chỉ máy này được hỏi; hãy dùng 127.0.0.1, hoặc --auth oidc, hoặc --insecure-listen"+
			" · with --auth none only this machine may ask; use 127.0.0.1, or --auth oidc, or --insecure-listen", d.MetricsListen)
	case onLoopback(listen):
		return nil
	}
	return fmt.Errorf("--listen %[1]s: với --auth none ai tới được cũng thấy mọi thứ, kể cả hộ; hãy dùng 127.0.0.1, hoặc --auth oidc, hoặc --insecure-listen nếu mạng chỉ có người được xem"+
		" · with --auth none whoever reaches it sees everything, households too; use 127.0.0.1, or --auth oidc, or --insecure-listen where only those who may see it are on the network", listen)
}

// onLoopback tells whether only this machine reaches an address.
func onLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	return err == nil && auth.Loopback(host)
}

// options says who may see what, and what systems of other agencies read through the platform.
func (d doors) options(platform string) (web.Options, error) {
	if d.Auth != "oidc" {
		own, err := lgsp.Load(platform, func(string) access.Caller { return access.Local() })
		return web.Options{Callers: auth.Local{}, Loopback: !d.InsecureListen, LGSP: own}, err
	}
	settings, err := auth.Load(d.AuthSettings)
	if err != nil {
		return web.Options{}, err
	}
	own, err := lgsp.Load(platform, settings.System)
	if err != nil {
		return web.Options{}, err
	}
	callers, err := auth.New(settings, auth.Options{})
	if err != nil {
		return web.Options{}, err
	}
	options := web.Options{Callers: callers, Origins: settings.Origins(), LGSP: own}
	if signIns := settings.SignIns(); len(signIns) > 0 {
		options.SignIns = signIns
	}
	return options, nil
}

// warn tells whoever starts the program what is open.
func (d doors) warn(to io.Writer) {
	switch {
	case d.Auth == "oidc":
	case d.InsecureListen:
		fmt.Fprintln(to, "CẢNH BÁO: --auth none --insecure-listen: ai tới được máy này cũng thấy mọi thứ, kể cả từng hộ.\nWARNING: --auth none --insecure-listen: whoever reaches this machine sees everything, each household too.")
	default:
		fmt.Fprintln(to, "Không đăng nhập (--auth none): ai dùng máy này cũng thấy mọi thứ; máy khác không vào được.\nNo sign-in (--auth none): whoever uses this machine sees everything; other machines can't reach it.")
	}
}

// openMetrics serves /metrics at an address of its own, where one is set. It returns how to end that.
func (d doors) openMetrics(ctx context.Context, options *web.Options) (end func(), err error) {
	if d.MetricsListen == "" {
		return func() {}, nil
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", d.MetricsListen)
	if err != nil {
		return nil, fmt.Errorf("%w; chọn địa chỉ khác · choose another address: --metrics-listen", err)
	}
	mux := http.NewServeMux()
	options.Metrics = func(h http.Handler) { mux.Handle("GET /metrics", h) }
	server := web.NewServer(listener.Addr().String(), mux, slog.Default())
	go func() { _ = server.Serve(listener) }() // until it is closed
	return func() { _ = server.Close() }, nil
}
