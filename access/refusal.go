package access

import (
	"fmt"
	"strings"
)

// The codes of a refusal, as the API names them.
const (
	Unauthenticated = "UNAUTHENTICATED" // nobody is signed in, and whoever is may be answered
	Forbidden       = "FORBIDDEN"       // the caller is known, and that is not for the caller
	Unanswered      = "TIMEOUT"         // nobody could be asked who the caller is
)

// Challenge is the WWW-Authenticate of an answer to nobody: RFC 6750.
const Challenge = `Bearer realm="vunglom"`

// Refusal is the error of a question that the caller may not ask. It says what to do, in Vietnamese, then in English.
type Refusal struct{ Code, Message string }

// Error returns the message.
func (r *Refusal) Error() string { return r.Message }

// Refuse returns nil where the caller has a right somewhere, else why what (a field, a file) is not answered.
func (c Caller) Refuse(right Right, what string) error {
	switch {
	case c.May(right):
		return nil
	case len(right.Roles()) == 0:
		return &Refusal{Forbidden, fmt.Sprintf("%[1]s không có quy tắc nào cho phép / no rule allows %[1]s", what)}
	case !c.SignedIn():
		roles := names(right.Roles())
		return &Refusal{Unauthenticated, fmt.Sprintf("%[1]s cần vai trò %[2]s: hãy đăng nhập, hoặc gửi Authorization: Bearer … / %[1]s needs the role %[3]s: sign in, or send Authorization: Bearer …",
			what, strings.Join(roles, " hoặc "), strings.Join(roles, " or "))}
	}
	roles := names(right.Roles())
	return &Refusal{Forbidden, fmt.Sprintf("%[1]s cần vai trò %[2]s; tài khoản này có: %[4]s. Hãy xin người quản trị cấp vai trò / %[1]s needs the role %[3]s; this account has: %[5]s. Ask the administrator for it",
		what, strings.Join(roles, " hoặc "), strings.Join(roles, " or "), c.held("không vai trò nào"), c.held("none"))}
}

// RefuseScope says that what is asked about lies outside of where the caller has a right.
func (c Caller) RefuseScope(right Right, what string) error {
	return &Refusal{Forbidden, fmt.Sprintf("%[1]s nằm ngoài phạm vi của tài khoản này; phạm vi là: %[2]s / %[1]s is outside of what this account may see: %[2]s", what, c.where(right))}
}

// RefuseWhole says that a question about everything has to name a unit of the caller's. Argument is the name of what it lacks.
func (c Caller) RefuseWhole(right Right, what, argument string) error {
	return &Refusal{Forbidden, fmt.Sprintf("%[1]s: tài khoản này không được xem mọi nơi; hãy cho %[2]s một đơn vị trong phạm vi: %[3]s / %[1]s: this account may not see everywhere; let %[2]s be a unit within: %[3]s",
		what, argument, c.where(right))}
}

// RefuseUnsaid returns nil where the caller may read rows of persons as far as their purpose goes: it is said, or needs not be.
func (c Caller) RefuseUnsaid() error {
	if !c.PurposeNeeded || c.Purpose != "" {
		return nil
	}
	return &Refusal{Forbidden, "máy chủ này chỉ cho đọc dữ liệu cá nhân khi có lý do (requirePurpose): hãy nói lý do trong đầu đề X-Purpose" +
		" / this server lets persons' data be read by who says why alone (requirePurpose): say it in the header X-Purpose"}
}

func names(roles []Role) []string {
	list := make([]string, len(roles))
	for i, r := range roles {
		list[i] = string(r)
	}
	return list
}

// held lists the caller's roles.
func (c Caller) held(otherwise string) string {
	var list []string
	for _, g := range c.Grants {
		list = append(list, string(g.Role))
	}
	if len(list) == 0 {
		return otherwise
	}
	return strings.Join(list, ", ")
}

// shownUnits is how many units of a scope a sentence names.
const shownUnits = 5

// where lists the units in which the caller has a right, as UnitRefs are written.
func (c Caller) where(right Right) string {
	_, units := c.Scope(right)
	var list []string
	for i, u := range units {
		if i == shownUnits {
			list = append(list, fmt.Sprintf("… (%d)", len(units)))
			break
		}
		list = append(list, fmt.Sprintf("{level: %s, code: %q}", strings.ToUpper(u.Level), u.Code))
	}
	if len(list) == 0 {
		return "∅"
	}
	return strings.Join(list, ", ")
}
