// Package webhook tells other agencies' systems that there are changes of what they follow: it sends them what stands in the outbox
// (package db), signed as Standard Webhooks has it (https://www.standardwebhooks.com), until they take it. What has changed they then
// ask for themselves, so that nothing of the data is sent to where a setting says, and what a system sees stays a matter of its rights.
package webhook

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"vunglom/access"
	"vunglom/auth"
	"vunglom/outbound"
	"vunglom/settings"
)

// Settings are where and of what a system is told: docs/lgsp.md describes each key.
type Settings struct {
	URL     string            `yaml:"url"`     // https; http to the own machine alone
	Secrets []outbound.Secret `yaml:"secrets"` // one, or two while the system changes from one to the other; each signs. They are read anew for each message
	CA      string            `yaml:"ca"`      // a PEM file of authorities that are believed beside the system's
	Units   []string          `yaml:"units"`   // of what changes it is told, as LEVEL:CODE; absent: of all that its role lets it read
	Kinds   []string          `yaml:"kinds"`   // COVERAGE, REPORT; absent: both

	caller access.Caller // what the system is when it asks itself
	veil   outbound.Veil
	units  []access.Unit
	kinds  []string
	client *http.Client
}

// secretPrefix begins a secret as Standard Webhooks writes it; base64 of 24 to 64 bytes follows.
const (
	secretPrefix                = "whsec_"
	leastSecret, mostSecretSize = 24, 64
)

// Check reads what the settings name, and says of what is wrong which key it is, the value and what to do. No secret is told. The caller is what
// the system is when it asks for changes itself: it is told of those that it could read, and of no others.
func (s *Settings) Check(key string, caller access.Caller) error {
	if s.caller = caller; !caller.May(access.Aggregates) {
		return settings.Wrong(key, caller.Client, "hệ thống này không được đọc /lgsp/v1/changes; trong --auth-settings, hãy ghi vai trò (role) và nơi vai trò có hiệu lực (units) của nó dưới systems",
			"this system may not read /lgsp/v1/changes; name its role and where that holds (units) under systems in --auth-settings")
	}
	if shown, ok := outbound.Address(s.URL); !ok {
		return settings.Wrong(key+".url", shown, "phải là địa chỉ https:// (http:// chỉ cho máy này), không có tên, mật khẩu hay ?…", "must be an https:// address (http:// for this machine only) without a name, a password or ?…")
	}
	address, err := url.Parse(s.URL)
	if err != nil {
		return err // outbound.Address has read it
	}
	if s.client, err = newClient(address, s.CA); err != nil {
		return fmt.Errorf("%s.%w", key, err)
	}
	_, err = s.readKeys(key + ".secrets")
	return errors.Join(err, s.checkScope(key))
}

// readKeys reads the keys that messages are signed with, as they are now: each file or variable holds a secret, or two with a space between
// while it is changed, so that this needs no restart.
func (s *Settings) readKeys(key string) (keys [][]byte, err error) {
	for i, secret := range s.Secrets {
		text, err := s.veil.Read(secret)
		if err != nil {
			return nil, fmt.Errorf("%s[%d]: %w", key, i, err)
		}
		for each := range strings.FieldsSeq(text) {
			s.veil.Know(each)
			encoded, prefixed := strings.CutPrefix(each, secretPrefix)
			raw, err := base64.StdEncoding.DecodeString(encoded)
			if !prefixed || err != nil || len(raw) < leastSecret || len(raw) > mostSecretSize {
				return nil, settings.Wrong(fmt.Sprintf("%s[%d]", key, i), "…", `bí mật phải là whsec_ rồi base64 của 24 đến 64 byte; hãy tạo bằng: echo whsec_$(openssl rand -base64 32)`,
					`a secret is whsec_ and base64 of 24 to 64 bytes; make one with: echo whsec_$(openssl rand -base64 32)`)
			}
			keys = append(keys, raw)
		}
	}
	if n := len(keys); n < 1 || n > 2 {
		return nil, settings.Wrong(key, n, "hãy ghi một bí mật, hai khi đang đổi, mỗi cái {env: TÊN_BIẾN} hoặc {file: ĐƯỜNG_DẪN}", "name one secret, two while it is changed, each {env: VARIABLE} or {file: PATH}")
	}
	return keys, nil
}

// kindsOf are the kinds of changes by their names in the API.
var kindsOf = map[string]string{"COVERAGE": "coverage", "REPORT": "report"}

func (s *Settings) checkScope(key string) error {
	for _, text := range s.Units {
		unit, err := auth.ReadUnit(text)
		if err != nil {
			return settings.Wrong(key+".units", text, "hãy viết như PROVINCE:96, COMMUNE:32041, HAMLET:96/H-001", "write it as PROVINCE:96, COMMUNE:32041, HAMLET:96/H-001")
		}
		s.units = append(s.units, unit)
	}
	kinds := s.Kinds
	if len(kinds) == 0 {
		kinds = []string{"COVERAGE", "REPORT"}
	}
	for _, name := range kinds {
		kind, known := kindsOf[name]
		if !known {
			return settings.Wrong(key+".kinds", name, "COVERAGE hoặc REPORT", "COVERAGE or REPORT")
		}
		if !slices.Contains(s.kinds, kind) {
			s.kinds = append(s.kinds, kind)
		}
	}
	slices.Sort(s.kinds)
	return nil
}

// Retry is how a system that takes nothing is tried again: the wait doubles from First to Longest, each half to one and a half times as long by
// chance. A Retry-After is waited for instead, up to a day.
type Retry struct {
	Time    string `yaml:"time"`    // how long a system may take to answer; default 15s
	First   string `yaml:"first"`   // default 5s
	Longest string `yaml:"longest"` // default 1h
	GiveUp  string `yaml:"giveUp"`  // a system that has failed for longer is told no more; default 168h, a week

	time, first, longest, giveUp time.Duration
}

// Check reads the spans, or takes their defaults.
func (r *Retry) Check(key string) error {
	for _, s := range []struct {
		name, text             string
		otherwise, least, most time.Duration
		into                   *time.Duration
	}{
		{"time", r.Time, 15 * time.Second, time.Millisecond, 30 * time.Second, &r.time},
		{"first", r.First, 5 * time.Second, time.Millisecond, time.Hour, &r.first},
		{"longest", r.Longest, time.Hour, time.Millisecond, 24 * time.Hour, &r.longest},
		{"giveUp", r.GiveUp, 7 * 24 * time.Hour, time.Millisecond, 90 * 24 * time.Hour, &r.giveUp},
	} {
		if *s.into = s.otherwise; s.text == "" {
			continue
		}
		span, err := time.ParseDuration(s.text)
		if err != nil || span < s.least || span > s.most {
			return settings.Wrong(key+"."+s.name, s.text, fmt.Sprintf("hãy viết như 30s, 5m, 6h; từ %s đến %s", s.least, s.most), fmt.Sprintf("write it as 30s, 5m, 6h; %s to %s", s.least, s.most))
		}
		*s.into = span
	}
	return nil
}
