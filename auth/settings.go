package auth

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"vunglom/access"
	"vunglom/settings"
)

// Settings are what the file of --auth-settings says: docs/access.md describes each key.
type Settings struct {
	ClockSkew      string   `yaml:"clockSkew"`      // how far clocks may be apart; default 1m
	RequirePurpose bool     `yaml:"requirePurpose"` // persons' rows are told to who says why alone; default: to others too
	Issuers        []Issuer `yaml:"issuers"`
}

// Issuer is one OpenID provider whose tokens are taken.
type Issuer struct {
	Issuer    string            `yaml:"issuer"`    // its identifier, an https:// address
	Audience  []string          `yaml:"audience"`  // a token is taken that is meant for one of these
	Dashboard *Dashboard        `yaml:"dashboard"` // absent: nobody signs in to the dashboard here
	Roles     RoleClaim         `yaml:"roles"`
	Units     UnitClaim         `yaml:"units"`
	Systems   map[string]System `yaml:"systems"` // by client id: clients that are systems, no person signs in to them
}

// Dashboard is how people sign in to the dashboard.
type Dashboard struct {
	Name     string   `yaml:"name" json:"name,omitempty"` // what the button calls the issuer; default: its host
	ClientID string   `yaml:"clientId" json:"clientId"`
	Scopes   []string `yaml:"scopes" json:"scopes"`               // default openid, profile
	Resource string   `yaml:"resource" json:"resource,omitempty"` // RFC 8707: what tokens are asked for, where the issuer wants to be told
	Connect  []string `yaml:"connect" json:"-"`                   // further origins that the issuer's own pages send the browser to
}

// RoleClaim is where a token says what the caller is.
type RoleClaim struct {
	Claim   string                 `yaml:"claim"`   // a claim's name, or a path: realm_access.roles
	Values  map[string]access.Role `yaml:"values"`  // which value means which role; absent: the names of the roles
	Default access.Role            `yaml:"default"` // of whom no value means a role; absent: public
}

// UnitClaim is where a token says where the role holds.
type UnitClaim struct {
	Claim   string              `yaml:"claim"`
	Values  map[string][]string `yaml:"values"`  // an agency's own words; others are read as units
	Default []string            `yaml:"default"` // of whom the claim says nothing
}

// System is another agency's program.
type System struct {
	Role  access.Role `yaml:"role"`  // absent: as the claims say
	Units []string    `yaml:"units"` // absent: as the claims say
}

// Load reads settings from a file, YAML or JSON. Its errors name the file, the key, the value and what to do.
func Load(file string) (*Settings, error) {
	var s Settings
	if err := settings.Read("--auth-settings", file, "docs/access.md", &s); err != nil {
		return nil, err
	}
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return &s, nil
}

const mostSkew = 10 * time.Minute

func (s *Settings) skew() (time.Duration, error) {
	if s.ClockSkew == "" {
		return time.Minute, nil
	}
	skew, err := time.ParseDuration(s.ClockSkew)
	if err != nil || skew < 0 || skew > mostSkew {
		return 0, settings.Wrong("clockSkew", s.ClockSkew, "hãy viết như 30s hoặc 1m, nhiều nhất 10m", "write it as 30s or 1m, 10m at most")
	}
	return skew, nil
}

func (s *Settings) check() error {
	if _, err := s.skew(); err != nil {
		return err
	}
	if len(s.Issuers) == 0 {
		return errors.New("issuers: trống; hãy ghi ít nhất một nhà cung cấp · empty; name at least one OpenID provider")
	}
	known := map[string]bool{}
	for i := range s.Issuers {
		key := fmt.Sprintf("issuers[%d].", i)
		if err := s.Issuers[i].check(key); err != nil {
			return err
		}
		if known[s.Issuers[i].Issuer] {
			return settings.Wrong(key+"issuer", s.Issuers[i].Issuer, "đã có ở trên; hãy gộp lại", "is there already; make one of them")
		}
		known[s.Issuers[i].Issuer] = true
	}
	return nil
}

func (i *Issuer) check(key string) error {
	if err := checkAddress(i.Issuer); err != nil {
		return settings.Wrong(key+"issuer", i.Issuer, "phải là địa chỉ https:// (http:// chỉ cho máy này), đúng như trong /.well-known/openid-configuration", "must be an https:// address (http:// for this machine only), as /.well-known/openid-configuration has it")
	}
	if len(i.Audience) == 0 || slices.Contains(i.Audience, "") {
		return settings.Wrong(key+"audience", strings.Join(i.Audience, ","), "hãy ghi giá trị aud mà mã truy cập phải có", "name the aud that a token must have")
	}
	if d := i.Dashboard; d != nil {
		if d.ClientID == "" {
			return settings.Wrong(key+"dashboard.clientId", "", "hãy ghi mã ứng dụng công khai đã đăng ký ở nhà cung cấp", "name the public client that is registered with the issuer")
		}
		if len(d.Scopes) == 0 {
			d.Scopes = []string{"openid", "profile"}
		}
		if !slices.Contains(d.Scopes, "openid") {
			return settings.Wrong(key+"dashboard.scopes", strings.Join(d.Scopes, ","), "phải có openid", "openid must be among them")
		}
		for n, origin := range d.Connect {
			if u, err := url.Parse(origin); err != nil || checkAddress(origin) != nil || strings.Trim(u.Path, "/") != "" {
				return settings.Wrong(fmt.Sprintf("%sdashboard.connect[%d]", key, n), origin, "hãy viết như https://login.example.vn", "write it as https://login.example.vn")
			}
		}
	}
	return errors.Join(i.Roles.check(key+"roles."), i.Units.check(key+"units."), checkSystems(key+"systems.", i.Systems))
}

// checkAddress wants https, or http to the own machine, where nobody listens in.
func checkAddress(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return errors.New("no address")
	}
	if u.Scheme == "https" || u.Scheme == "http" && Loopback(u.Hostname()) {
		return nil
	}
	return errors.New("no https address")
}

// Loopback tells whether a host, without a port, is this machine and nobody else's.
func Loopback(host string) bool {
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

func checkRole(key string, role access.Role) error {
	if role == "" || slices.Contains(access.Roles(), role) {
		return nil
	}
	var names []string
	for _, r := range access.Roles() {
		names = append(names, string(r))
	}
	return settings.Wrong(key, role, "một trong: "+strings.Join(names, ", "), "one of: "+strings.Join(names, ", "))
}

func (c *RoleClaim) check(key string) error {
	if c.Claim == "" && len(c.Values) > 0 {
		return settings.Wrong(key+"claim", "", "hãy ghi tên claim chứa các giá trị của values", "name the claim that holds what values lists")
	}
	for value, role := range c.Values {
		if role == "" {
			return settings.Wrong(key+"values."+value, "", "hãy ghi một vai trò", "name a role")
		}
		if err := checkRole(key+"values."+value, role); err != nil {
			return err
		}
	}
	return checkRole(key+"default", c.Default)
}

func (c *UnitClaim) check(key string) error {
	if c.Claim == "" && len(c.Values) > 0 {
		return settings.Wrong(key+"claim", "", "hãy ghi tên claim chứa các giá trị của values", "name the claim that holds what values lists")
	}
	for value, units := range c.Values {
		if err := checkUnits(key+"values."+value, units); err != nil {
			return err
		}
	}
	return checkUnits(key+"default", c.Default)
}

func checkUnits(key string, units []string) error {
	for _, text := range units {
		if _, err := ReadUnit(text); text != everywhere && err != nil {
			return settings.Wrong(key, text, `hãy viết như PROVINCE:96, COMMUNE:32041, HAMLET:96/H-001, hoặc "*" cho mọi nơi`, `write it as PROVINCE:96, COMMUNE:32041, HAMLET:96/H-001, or "*" for everywhere`)
		}
	}
	return nil
}

func checkSystems(key string, systems map[string]System) error {
	for id, s := range systems {
		if err := errors.Join(checkRole(key+id+".role", s.Role), checkUnits(key+id+".units", s.Units)); err != nil {
			return err
		}
	}
	return nil
}
