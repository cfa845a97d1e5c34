package main

import (
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// FuzzSettings reads any settings and flags of serve: it would listen under limits that hold something, or says what is wrong.
func FuzzSettings(f *testing.F) {
	f.Add("127.0.0.1:0", "67108864", "1m", "30s", "50000", "127.0.0.1,10.0.0.0/8", "15")
	f.Add("", "-1", "-1s", "0", "NaN", "::/0", "99999999999999999999")
	f.Add("x", "1e3", "1", "1h1m", "Inf", "/", "0x10")
	f.Fuzz(func(t *testing.T, listen, cache, stall, limit, rate, proxy, depth string) {
		var cli commands
		parser, err := kong.New(&cli, kong.Name("vunglom"), kong.Vars{"data_dir": "/nowhere"}, kong.Exit(func(int) {}), kong.Writers(new(strings.Builder), new(strings.Builder)))
		if err != nil {
			t.Fatal(err)
		}
		_, err = parser.Parse([]string{"serve", "--listen=" + listen, "--tile-cache-bytes=" + cache, "--stall=" + stall, "--limit-time=" + limit,
			"--client-rate=" + rate, "--trusted-proxy=" + proxy, "--limit-depth=" + depth})
		if err != nil {
			return
		}
		limits, clients, err := cli.Serve.limits()
		if err != nil {
			if err.Error() == "" {
				t.Error("it is refused without a word")
			}
			return
		}
		if limits.Timeout <= 0 || limits.Depth <= 0 || clients == nil || !(cli.Serve.ClientRate > 0) {
			t.Errorf("%+v is taken", limits)
		}
	})
}
