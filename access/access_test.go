package access

import (
	"context"
	"testing"
)

func TestWhoIsNotKnownHasWhatEverybodyHas(t *testing.T) {
	c := From(context.Background())
	for _, right := range Rights() {
		if c.May(right) != (right == Open || right == Published) {
			t.Errorf("nobody's right %s: %v", right, c.May(right))
		}
	}
}

func TestEveryRoleHasARuleAndWhatThePublicHas(t *testing.T) {
	for _, role := range Roles() {
		if rights[role] == nil || !role.Has(Published) {
			t.Errorf("%s has %v", role, rights[role])
		}
	}
	if len(rights) != len(Roles()) || Role("root").Has(Open) {
		t.Error("a role without a name, or a name without a role")
	}
}

func TestAScopeIsTheUnitsOfTheRolesThatHaveTheRight(t *testing.T) {
	a, b := Unit{"commune", "32041"}, Unit{"commune", "32044"}
	c := Caller{Issuer: "i", Grants: []Grant{{Role: Officer, Units: []Unit{a}}, {Role: Viewer, Units: []Unit{a, b}}}}
	if everywhere, units := c.Scope(Persons); everywhere || len(units) != 1 || units[0] != a {
		t.Errorf("persons: %v %v", everywhere, units)
	}
	if everywhere, units := c.Scope(Aggregates); everywhere || len(units) != 2 {
		t.Errorf("aggregates: %v %v", everywhere, units)
	}
	if c.May(Decisions) || c.May(Audit) {
		t.Error("neither officer nor viewer decides")
	}
	if everywhere, _ := Local().Scope(Audit); !everywhere {
		t.Error("the own machine sees everything")
	}
}
