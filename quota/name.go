package quota

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"vunglom/access"
)

// name is whom a request is counted for: the person or system that somebody vouches for, wherever they ask from; else the
// address, of which an IPv6 network of 64 bits, what one household is given, counts as one. Under --auth none everybody
// is the same person, so there it is the address too.
func (c *Clients) name(r *http.Request) string {
	if caller := access.From(r.Context()); caller.SignedIn() && caller.Issuer != access.Local().Issuer {
		return caller.Issuer + "\x00" + caller.Subject
	}
	address, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr // a Unix socket's, or a test's
	}
	from := c.forwarded(address.Addr().Unmap().WithZone(""), r.Header.Values("X-Forwarded-For"))
	if from.Is6() {
		network, _ := from.Prefix(64) // an IPv6 address has as many bits
		return network.String()
	}
	return from.String()
}

// forwarded returns who has sent a request on, as far as it is believed: each proxy appends the address that it was asked
// from, so the last one that is no proxy's is the client's.
func (c *Clients) forwarded(from netip.Addr, headers []string) netip.Addr {
	hops := strings.Split(strings.Join(headers, ","), ",")
	for _, hop := range slices.Backward(hops) {
		if !c.trusts(from) {
			return from
		}
		before, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			return from
		}
		from = before.Unmap().WithZone("")
	}
	return from
}

func (c *Clients) trusts(address netip.Addr) bool {
	return slices.ContainsFunc(c.settings.Proxies, func(p netip.Prefix) bool { return p.Contains(address) })
}
