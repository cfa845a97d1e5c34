package db

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"vunglom/access"
	"vunglom/bundle"
	"vunglom/gis"
)

// MostEvidence is how many characters evidence and reasons may have.
const MostEvidence = 1000

// Disputing is a challenge that is to be opened.
type Disputing struct {
	Province      string
	Kind          ChallengeKind
	AddressScheme string // what is disputed: an address
	AddressCode   string
	HouseholdCode string // or a household
	OtherScheme   string // of a duplicate: the address that stays
	OtherCode     string // or the household that stays
	TeamCode      string // of AlreadyGuided: who came
	Day           *time.Time
	Evidence      string
	Point         *Position
	Now           time.Time // the clock; zero: now
}

// Disputed is what became of a challenge that was sent.
type Disputed struct {
	Outcome  Outcome
	ID       int64           // 0: none
	Status   ChallengeStatus // of the challenge; empty: there is none
	Reason   string          // why it was resolved so, in the words of whoever did; empty: it is open, none was given, or it was taken out
	Snapshot string          // the province's, after a challenge was accepted; empty: nothing was written
	Problems []WriteProblem  // why it was rejected
}

// OpenChallenge disputes what is said of an address or a household. The same caller's challenge of the same kind about the same is one: sent again
// it is unchanged, said otherwise while it is open it is updated. What the caller can't find is rejected with a problem, which is no error.
// Errors: FORBIDDEN, NOT_FOUND where nothing is loaded of the province.
func (d *DB) OpenChallenge(ctx context.Context, o Disputing) (*Disputed, error) {
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	s := &sending{Write: Write{Entry: "openChallenge", Province: o.Province, Now: o.Now}, caller: d.asks(ctx), role: roleDispute}
	if _, err := s.scopeOf(access.Dispute); err != nil {
		return nil, err
	}
	if o.HouseholdCode != "" { // a household's code is of persons: who may dispute it is who may write it
		if _, err := s.scopeOf(access.Record); err != nil {
			return nil, err
		}
	}
	if problems := o.check(); len(problems) > 0 {
		return &Disputed{Outcome: Rejected, Problems: problems}, nil
	}
	answer := &Disputed{}
	err := d.inTurn(ctx, o.Province, func() error {
		return pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error { return o.enter(ctx, d, tx, s, answer) })
	})
	if err != nil {
		return nil, refused(err)
	}
	return answer, nil
}

// enter opens the challenge in a transaction, and enters that in the audit log.
func (o *Disputing) enter(ctx context.Context, d *DB, tx pgx.Tx, s *sending, answer *Disputed) error {
	if _, err := tx.Exec(ctx, owner); err != nil { // who disputes sees neither households elsewhere nor what was erased
		return err
	}
	if err := takeProvince(ctx, tx, o.Province); err != nil { // an erasure must not come between
		return err
	}
	named, err := d.namesHousehold(ctx, tx, o.Province, o.Evidence)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, actAs.sql, s.role, s.scope); err != nil {
		return err
	}
	if named {
		answer.Outcome, answer.Problems = Rejected, []WriteProblem{namedHousehold("evidence")}
	} else if err := o.open(ctx, tx, s.caller, answer); err != nil {
		return err
	}
	rows := 0
	if answer.Outcome != Rejected {
		rows = 1
	}
	args, err := entryOf(s.caller, reading{entry: s.Entry, filter: map[string]any{"province": o.Province, "kind": o.Kind}}, &rows)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, auditAdd.sql, args)
	return err
}

// open finds what is disputed and writes the challenge.
func (o *Disputing) open(ctx context.Context, tx pgx.Tx, caller access.Caller, answer *Disputed) error {
	var loaded, subject, other, team bool
	if err := tx.QueryRow(ctx, importQuery("challenge_subject"), o.args(caller)).Scan(&loaded, &subject, &other, &team); err != nil {
		return err
	}
	if !loaded {
		return notFound("chưa có dữ liệu của tỉnh %q", "nothing is loaded of province %q", o.Province)
	}
	field, value := "addressCode", o.AddressCode
	if o.HouseholdCode != "" {
		field, value = "householdCode", o.HouseholdCode
	}
	for _, looked := range []struct {
		found        bool
		field, value string
	}{{subject, field, value}, {other, "otherCode", o.OtherCode}, {team, "teamCode", o.TeamCode}} {
		if !looked.found {
			answer.Problems = append(answer.Problems, WriteProblem{Code: "reference", Field: looked.field, Value: looked.value,
				SentenceVi: fmt.Sprintf("trong phạm vi của tài khoản này không có gì mang %s %q; hãy sửa mã", looked.field, looked.value),
				SentenceEn: fmt.Sprintf("nothing within what this account may dispute has the %s %q; correct it", looked.field, looked.value)})
		}
	}
	if len(answer.Problems) > 0 {
		answer.Outcome = Rejected
		return nil
	}
	var same bool
	err := tx.QueryRow(ctx, importQuery("challenge_known"), o.args(caller)).Scan(&answer.ID, &answer.Status, &answer.Reason, &same)
	switch {
	case err == nil && same:
		answer.Outcome = Unchanged
		return nil
	case err == nil && answer.Status == ChallengeOpen:
		answer.Outcome = Updated
		args := o.args(caller)
		args["id"] = answer.ID
		if _, err := tx.Exec(ctx, importQuery("challenge_amend"), args); err != nil {
			return err
		}
		return step(ctx, tx, ChallengeKey{o.Province, answer.ID}, "amended", o.Evidence, caller, o.Now)
	case err != nil && !errors.Is(err, pgx.ErrNoRows):
		return err
	}
	answer.Outcome, answer.Status, answer.Reason = Inserted, ChallengeOpen, ""
	if err := tx.QueryRow(ctx, importQuery("challenge_open"), o.args(caller)).Scan(&answer.ID); err != nil {
		return err
	}
	return step(ctx, tx, ChallengeKey{o.Province, answer.ID}, "opened", o.Evidence, caller, o.Now)
}

// step adds a step to a challenge's history.
func step(ctx context.Context, tx pgx.Tx, key ChallengeKey, action, words string, caller access.Caller, now time.Time) error {
	_, err := tx.Exec(ctx, importQuery("challenge_step"), pgx.NamedArgs{"province": key.Province, "id": key.ID, "action": action, "words": given(words), "now": now,
		"issuer": caller.Issuer, "caller": caller.Subject, "system": caller.System})
	return err
}

// args are what the statements that open a challenge bind, each some of them.
func (o *Disputing) args(caller access.Caller) pgx.NamedArgs {
	args := pgx.NamedArgs{"province": o.Province, "kind": o.Kind, "scheme": given(o.AddressScheme), "address": given(o.AddressCode), "household": given(o.HouseholdCode),
		"other_scheme": given(o.OtherScheme), "other_code": given(o.OtherCode), "team": given(o.TeamCode), "day": o.Day, "evidence": o.Evidence, "longitude": nil, "latitude": nil,
		"issuer": caller.Issuer, "caller": caller.Subject, "system": caller.System, "now": o.Now}
	if o.Point != nil {
		args["longitude"], args["latitude"] = o.Point.Longitude, o.Point.Latitude
	}
	return args
}

// given is a text, or null where it is empty.
func given(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// check cleans the evidence and finds what is wrong with a challenge by itself.
func (o *Disputing) check() (problems []WriteProblem) {
	say := func(code, field, value, vi, en string) {
		problems = append(problems, WriteProblem{Code: code, Field: field, Value: value, SentenceVi: vi, SentenceEn: en})
	}
	lacks := func(field, text, why, whyVi string) {
		if text == "" {
			say("required", field, "", fmt.Sprintf("thiếu %s: %s", field, whyVi), fmt.Sprintf("%s is missing: %s", field, why))
		}
	}
	switch {
	case (o.AddressCode == "") == (o.HouseholdCode == ""):
		say("required", "addressCode", o.AddressCode, "hãy nêu một địa chỉ (addressScheme và addressCode) hoặc một hộ (householdCode), và chỉ một", "name an address (addressScheme and addressCode) or a household (householdCode), and one of them alone")
	case (o.AddressCode == "") != (o.AddressScheme == ""):
		say("required", "addressScheme", o.AddressScheme, "mã địa chỉ cần cả addressScheme và addressCode", "an address needs both addressScheme and addressCode")
	}
	switch o.Kind {
	case NotAHouse, WrongPlace:
		if o.HouseholdCode != "" {
			say("bad_value", "householdCode", o.HouseholdCode, "loại này là về một địa chỉ; hãy nêu addressScheme và addressCode", "this kind is about an address; give addressScheme and addressCode")
		}
		if o.Kind == WrongPlace && o.Point == nil {
			lacks("point", "", "give the better point", "hãy cho điểm đúng hơn")
		}
	case AlreadyGuided:
		lacks("teamCode", o.TeamCode, "say which team came", "hãy nói tổ nào đã đến")
		if o.Day == nil {
			lacks("day", "", "say when it came", "hãy nói ngày nào")
		}
	case Duplicate:
		lacks("otherCode", o.OtherCode, "say which one stays", "hãy nói cái nào ở lại")
		if o.AddressCode != "" {
			lacks("otherScheme", o.OtherScheme, "say the scheme of the address that stays", "hãy nói loại mã của địa chỉ ở lại")
		}
		if o.OtherCode != "" && o.OtherCode == o.AddressCode+o.HouseholdCode && o.OtherScheme == o.AddressScheme {
			say("bad_value", "otherCode", o.OtherCode, "một mã không thể trùng với chính nó; hãy nêu cái ở lại", "nothing is a duplicate of itself; name the one that stays")
		}
	}
	if o.Kind != Duplicate && o.OtherCode+o.OtherScheme != "" || o.HouseholdCode != "" && o.OtherScheme != "" {
		say("bad_value", "otherCode", o.OtherCode, "chỉ loại trùng mới nêu cái ở lại, và otherScheme chỉ dùng cho địa chỉ; hãy bỏ", "only a duplicate names the one that stays, and otherScheme is of an address; leave it out")
	}
	if o.Kind != AlreadyGuided && o.TeamCode != "" {
		say("bad_value", "teamCode", o.TeamCode, "chỉ loại đã hướng dẫn mới nêu tổ; hãy bỏ", "only already guided names a team; leave it out")
	}
	if o.Day != nil && o.Day.After(Today(o.Now)) {
		say("bad_range", "day", o.Day.Format(time.DateOnly), "ngày này chưa đến; hãy nêu hôm nay hoặc một ngày trước", "this day is still to come; give today or an earlier one")
	}
	if p := o.Point; p != nil && !(p.Longitude >= gis.West && p.Longitude <= gis.East && p.Latitude >= gis.South && p.Latitude <= gis.North) {
		say("outside_vietnam", "point", fmt.Sprintf("%g, %g", p.Longitude, p.Latitude), "điểm nằm ngoài Việt Nam (kinh độ 102–118, vĩ độ 6–24); hãy sửa", "the point is outside longitude 102-118, latitude 6-24; correct it")
	}
	var problem *WriteProblem
	if o.Evidence, problem = cleanWords("evidence", o.Evidence); problem != nil {
		problems = append(problems, *problem)
	}
	if o.Evidence == "" && problem == nil {
		lacks("evidence", "", "say what you saw", "hãy nói đã thấy gì")
	}
	return problems
}

// cleanWords returns a text as it is stored, put right as names of an import are, or what is wrong with it.
func cleanWords(field, text string) (string, *WriteProblem) {
	wrong := func(vi, en string) *WriteProblem {
		return &WriteProblem{Code: "bad_value", Field: field, SentenceVi: field + " " + vi, SentenceEn: field + " " + en}
	}
	lines := strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\t", " ").Replace(text)
	switch {
	case !utf8.ValidString(text):
		return "", wrong("phải là UTF-8", "must be UTF-8")
	case strings.ContainsFunc(lines, unicode.IsControl):
		return "", wrong("có ký tự điều khiển; hãy viết lại", "holds a control character; write it without")
	}
	clean := strings.TrimSpace(bundle.Tidy(lines))
	if utf8.RuneCountInString(clean) > MostEvidence {
		return "", wrong(fmt.Sprintf("dài quá %d ký tự; hãy viết ngắn hơn", MostEvidence), fmt.Sprintf("is longer than %d characters; shorten it", MostEvidence))
	}
	return clean, nil
}
