package quota

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"
)

// FuzzForwarded names clients by any X-Forwarded-For: it is believed of proxies alone, what a client writes before the proxies' own entries
// changes nothing, and whoever is named is one address or one network.
func FuzzForwarded(f *testing.F) {
	f.Add("10.0.0.1:1", "198.51.100.7", "203.0.113.9")
	f.Add("198.51.100.1:1", "10.0.0.2", "10.0.0.1, 127.0.0.1")
	f.Add("[2001:db8::1]:1", "2001:db8:1:2:3::4", "::ffff:10.0.0.3")
	f.Add("[fd00::1%eth0]:1", "unknown", ",,")
	f.Add("@", "1.2.3.4", "")
	c := New(Settings{Requests: 1, Streams: 1, Rate: 1, Burst: 1, Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}})
	f.Fuzz(func(t *testing.T, remote, written, appended string) {
		name := func(headers ...string) string {
			return c.name(&http.Request{RemoteAddr: remote, Header: http.Header{"X-Forwarded-For": headers}})
		}
		plain := name()
		peer, err := netip.ParseAddrPort(remote)
		if err != nil {
			if got := name(written, appended); got != remote || plain != remote {
				t.Errorf("%q is no address, and is %q", remote, got)
			}
			return
		}
		got := name(appended)
		if !c.trusts(peer.Addr().Unmap().WithZone("")) && got != plain {
			t.Errorf("%s is no proxy, and is believed that it is %s", remote, got)
		}
		address, isAddress := netip.ParseAddr(got)
		network, isNetwork := netip.ParsePrefix(got)
		if isAddress != nil && isNetwork != nil || isAddress == nil && !address.Is4() || isNetwork == nil && (network.Bits() != 64 || network.Addr().Is4()) {
			t.Fatalf("%q for %q is named %q", appended, remote, got)
		}
		last := appended[strings.LastIndex(appended, ",")+1:]
		if hop, err := netip.ParseAddr(strings.TrimSpace(last)); err != nil || !c.trusts(hop.Unmap().WithZone("")) {
			if with := name(written, last); with != name(last) { // nobody but a proxy's entry lets the one before it be read
				t.Errorf("%q before %q makes %s of %s", written, last, with, name(last))
			}
		}
		if joined, apart := name(written+","+appended), name(written, appended); joined != apart {
			t.Errorf("one header names %s, two %s", joined, apart)
		}
	})
}
