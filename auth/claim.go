package auth

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"vunglom/access"
)

// everywhere is the word of a units claim for all provinces.
const everywhere = "*"

// ReadUnit reads a unit as settings and claims write it: LEVEL:CODE. Hamlet codes are their bundle's own, so they come with
// their province: HAMLET:96/H-001.
func ReadUnit(text string) (access.Unit, error) {
	level, code, found := strings.Cut(text, ":")
	u := access.Unit{Level: strings.ToLower(level), Code: code}
	if !found || code == "" || !slices.Contains([]string{"province", "district", "commune", "hamlet"}, u.Level) {
		return u, errors.New("no unit")
	}
	if u.Level == "hamlet" && !strings.Contains(code, "/") {
		return u, errors.New("a hamlet without its province")
	}
	return u, nil
}

// valuesOf returns the texts of a claim: one, several with spaces between as scope has them, or a list. The name may be a path
// into claims, whose own names may hold dots: the whole name comes first.
func valuesOf(claims map[string]any, name string) []string {
	if name == "" {
		return nil
	}
	value, known := claims[name]
	for at := 0; !known; {
		dot := strings.IndexByte(name[at:], '.')
		if dot < 0 {
			return nil
		}
		at += dot + 1
		if inner, is := claims[name[:at-1]].(map[string]any); is {
			return valuesOf(inner, name[at:])
		}
	}
	switch value := value.(type) {
	case string:
		return strings.Fields(value)
	case []any:
		var texts []string
		for _, one := range value {
			if text, is := one.(string); is {
				texts = append(texts, text)
			}
		}
		return texts
	}
	return nil
}

// rolesOf returns what the claims say the caller is.
func (i *Issuer) rolesOf(claims map[string]any) (roles []access.Role) {
	for _, value := range valuesOf(claims, i.Roles.Claim) {
		role, means := i.Roles.Values[value]
		if i.Roles.Values == nil {
			role, means = access.Role(value), slices.Contains(access.Roles(), access.Role(value))
		}
		if means && !slices.Contains(roles, role) {
			roles = append(roles, role)
		}
	}
	if roles == nil && i.Roles.Default != "" {
		roles = []access.Role{i.Roles.Default}
	}
	return roles
}

// unitsOf returns where the claims say that the roles hold, and words that name nothing, which give nothing.
func (i *Issuer) unitsOf(claims map[string]any) (texts, unread []string) {
	values := valuesOf(claims, i.Units.Claim)
	for _, value := range values {
		if own, listed := i.Units.Values[value]; listed {
			texts = append(texts, own...)
		} else if _, err := ReadUnit(value); value == everywhere || err == nil {
			texts = append(texts, value)
		} else {
			unread = append(unread, value)
		}
	}
	if len(values) == 0 {
		texts = i.Units.Default
	}
	return texts, unread
}

// clientsOf returns which program a token was given to, as issuers have it: azp (OpenID Connect), client_id (RFC 9068).
func clientsOf(claims map[string]any) (ids []string) {
	for _, name := range []string{"azp", "client_id"} {
		if id, _ := claims[name].(string); id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// System is what the settings make of a client, whatever its tokens say: nothing where they leave its role or its units to those.
func (s *Settings) System(client string) access.Caller {
	c := access.Caller{Client: client, System: true}
	for i := range s.Issuers {
		if listed := s.Issuers[i].Systems[client]; listed.Role != "" && listed.Units != nil {
			given, _ := s.Issuers[i].callerOf("", map[string]any{"client_id": client})
			c.Grants = append(c.Grants, given.Grants...)
		}
	}
	return c
}

// callerOf makes the caller of a token's claims. What no claim gives is not had: a role without units holds nowhere.
func (i *Issuer) callerOf(subject string, claims map[string]any) (c access.Caller, unread []string) {
	c = access.Caller{Issuer: i.Issuer, Subject: subject}
	roles := i.rolesOf(claims)
	units, unread := i.unitsOf(claims)
	for _, id := range clientsOf(claims) {
		c.Client = cmp.Or(c.Client, id)
		s, listed := i.Systems[id]
		if !listed {
			continue
		}
		c.System, c.Client = true, id
		if s.Role != "" {
			roles = []access.Role{s.Role}
		}
		if s.Units != nil {
			units = s.Units
		}
		break
	}
	for _, role := range roles {
		g := access.Grant{Role: role}
		for _, text := range units {
			if text == everywhere {
				g.Everywhere = true
			} else if unit, err := ReadUnit(text); err == nil {
				g.Units = append(g.Units, unit)
			}
		}
		c.Grants = append(c.Grants, g)
	}
	return c, unread
}
