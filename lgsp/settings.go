package lgsp

import (
	"errors"
	"fmt"
	"regexp"

	"vunglom/access"
	"vunglom/settings"
	"vunglom/webhook"
)

// Settings are what a province tells of itself and of those who ask through its platform. The zero Settings tell nothing.
type Settings struct {
	Agency        string              `yaml:"agency"`        // the code of whoever answers; empty: none is told
	AgencyPattern string              `yaml:"agencyPattern"` // what codes look like; empty: QCVN102
	Consumers     map[string]Consumer `yaml:"consumers"`     // by client id, as tokens have it (client_id or azp)
	WebhookRetry  webhook.Retry       `yaml:"webhookRetry"`  // how those are tried again that take no message
}

// Consumer is a system that asks.
type Consumer struct {
	Agency  string            `yaml:"agency"`  // the code of whose it is; empty: none is told
	Webhook *webhook.Settings `yaml:"webhook"` // where it is told that there are changes; absent: it is not
}

// QCVN102 is what codes of agencies look like in the national standard QCVN 102:2016/BTTTT: four groups, the last of which is the
// ministry's or the province's.
const QCVN102 = `^[0-9A-Z]{3}\.[0-9A-Z]{2}\.[0-9A-Z]{2}\.[A-Z][0-9]{2}$`

// Load reads settings from a file, YAML or JSON; "": the zero Settings. System says what a client is when it asks, as far as that is known
// before it does. Errors name the file, the key, the value and what to do.
func Load(file string, system func(client string) access.Caller) (Settings, error) {
	var s Settings
	if file == "" {
		return s, nil
	}
	if err := settings.Read("--lgsp-settings", file, "docs/lgsp.md", &s); err != nil {
		return s, err
	}
	if err := s.check(system); err != nil {
		return s, fmt.Errorf("%s: %w", file, err)
	}
	return s, nil
}

func (s *Settings) check(system func(client string) access.Caller) error {
	if s.AgencyPattern == "" {
		s.AgencyPattern = QCVN102
	}
	pattern, err := regexp.Compile(s.AgencyPattern)
	if err != nil {
		return settings.Wrong("agencyPattern", s.AgencyPattern, "không phải biểu thức chính quy (RE2)", "no regular expression (RE2)")
	}
	code := func(key, value string) error {
		if value == "" || pattern.MatchString(value) {
			return nil
		}
		return settings.Wrong(key, value, "mã định danh phải theo "+s.AgencyPattern+", như 000.00.00.H12", "an agency's code must match "+s.AgencyPattern+", like 000.00.00.H12")
	}
	errs := []error{code("agency", s.Agency), s.WebhookRetry.Check("webhookRetry")}
	for id, c := range s.Consumers {
		errs = append(errs, code("consumers."+id+".agency", c.Agency))
		if c.Webhook != nil {
			errs = append(errs, c.Webhook.Check("consumers."+id+".webhook", system(id)))
		}
	}
	return errors.Join(errs...)
}

// Webhooks are the systems that are told of changes, by client id.
func (s *Settings) Webhooks() map[string]*webhook.Settings {
	systems := map[string]*webhook.Settings{}
	for id, c := range s.Consumers {
		if c.Webhook != nil {
			systems[id] = c.Webhook
		}
	}
	return systems
}

// agencyOf is the code of whose system asks; "": it is not known.
func (s *Settings) agencyOf(caller access.Caller) string {
	if caller.Client == "" {
		return ""
	}
	return s.Consumers[caller.Client].Agency
}
