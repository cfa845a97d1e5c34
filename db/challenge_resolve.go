package db

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"vunglom/access"
	"vunglom/bundle"
)

// Resolving is what becomes of a challenge.
type Resolving struct {
	ChallengeKey
	Accept bool      // else reject
	Reason string    // needed to reject
	Now    time.Time // the clock; zero: now
}

// ResolveChallenge accepts a challenge and writes the correction by the walk of an import, with all that follows from it, in one transaction; or
// rejects it. What was resolved so before is unchanged. A correction that can't be written leaves the challenge open, and is no error.
// Errors: FORBIDDEN, NOT_FOUND where the caller may resolve no such challenge, BUSY, ErrOutcomeUnknown.
func (d *DB) ResolveChallenge(ctx context.Context, o Resolving) (*Disputed, error) {
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	r := &resolver{Resolving: o, answer: &Disputed{ID: o.ID}}
	r.sending = &sending{Write: Write{Entry: "resolveChallenge", Province: o.Province, Now: o.Now}, caller: d.asks(ctx), role: roleResolve}
	var err error
	if r.everywhere, err = r.scopeOf(access.Resolve); err != nil {
		return nil, err
	}
	var problem *WriteProblem
	if r.Reason, problem = cleanWords("reason", o.Reason); problem == nil && r.Reason == "" && !o.Accept {
		problem = &WriteProblem{Code: "required", Field: "reason", SentenceVi: "thiếu reason: hãy nói vì sao bác bỏ", SentenceEn: "reason is missing: say why it is rejected"}
	}
	if problem != nil {
		return r.reject(*problem), nil
	}
	var snapshot string
	err = d.inTurn(ctx, o.Province, func() (err error) {
		r.importing = newImporting(bundle.Sent(bundle.Meta{Province: o.Province}, nil, nil), ImportOptions{Strict: true, Now: o.Now})
		r.importing.sent, r.yields, r.quiet = r.sending, true, true
		r.importing.begin, r.importing.end = r.find, r.enter
		snapshot, err = d.transact(ctx, r.importing)
		return err
	})
	var failure *pgconn.PgError
	switch {
	case errors.Is(err, errAnswered):
		return r.answer, nil
	case errors.Is(err, ErrStrict):
		return r.rejected()
	case errors.As(err, &failure) && failure.Code == insufficientPrivilege && r.moves && !r.everywhere:
		return r.reject(WriteProblem{Code: outOfScope, Field: "point",
			SentenceVi: "điểm mới nằm ngoài phạm vi của tài khoản này; hãy để người phụ trách cả hai nơi giải quyết",
			SentenceEn: "the new point lies outside of the units of this account; let whoever answers for both places resolve it"}), nil
	case err != nil:
		return nil, refused(err)
	}
	if r.landed > 0 {
		r.answer.Snapshot = snapshot
	}
	return r.answer, nil
}

// errAnswered ends a transaction of which nothing is to be kept.
var errAnswered = errors.New("answered")

// resolver is a challenge being resolved: an import of its correction.
type resolver struct {
	*importing
	*sending
	Resolving
	everywhere bool // the caller may resolve in the whole province
	moves      bool // the correction moves an address
	answer     *Disputed

	corrections []Correction
}

// reject leaves the challenge as it is.
func (r *resolver) reject(problems ...WriteProblem) *Disputed {
	r.answer.Outcome, r.answer.Problems = Rejected, problems
	if r.answer.Status == "" {
		r.answer.ID = 0
	}
	return r.answer
}

// rejected tells why the rows of a correction can't be written.
func (r *resolver) rejected() (*Disputed, error) {
	var problems []WriteProblem
	err := r.journal.problems.each(func(p bundle.Problem) error {
		if !p.Kept {
			problems = append(problems, sentProblem(bundle.TableNamed(p.Table), p))
		}
		return nil
	})
	return r.reject(problems...), err
}

// foundChallenge is a challenge with the address that it is about, as that stands.
type foundChallenge struct {
	Kind                                      ChallengeKind
	Status                                    ChallengeStatus
	Reason                                    string
	Issuer, Subject                           *string
	AddressScheme, AddressCode, HouseholdCode *string
	OtherScheme, OtherCode, TeamCode          *string
	Day, OpenedOn                             time.Time
	PointLongitude, PointLatitude             *float64
	AddressKind                               *string
	Longitude, Latitude                       *float64
	SurveyedOn                                *time.Time
	Other                                     bool
}

// find finds the challenge, and makes the rows of its correction.
func (r *resolver) find(ctx context.Context) error {
	if err := r.sayAgain(ctx); err != nil {
		return err
	}
	r.bundle.Meta.SRID = geographic
	rows, err := r.tx.Query(ctx, importQuery("challenge_found"), pgx.StrictNamedArgs{"province": r.Province(), "id": r.ID})
	if err != nil {
		return err
	}
	c, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[foundChallenge])
	if errors.Is(err, pgx.ErrNoRows) {
		return notFound("không có khiếu nại này trong phạm vi của tài khoản", "there is no such challenge within what this account may resolve")
	}
	if err != nil {
		return err
	}
	named, err := r.db.namesHousehold(ctx, r.tx, r.Province(), r.Reason)
	if err != nil {
		return err
	}
	r.answer.Status, r.answer.Reason = c.Status, c.Reason
	become := ChallengeRejected
	if r.Accept {
		become = ChallengeAccepted
	}
	switch {
	case c.Status == become:
		r.answer.Outcome = Unchanged
		return errAnswered
	case c.Status != ChallengeOpen:
		r.reject(WriteProblem{Code: "resolved", Field: "id", SentenceVi: "khiếu nại này đã được giải quyết theo hướng khác; hãy mở một khiếu nại mới", SentenceEn: "this challenge has been resolved the other way; open a new one"})
		return errAnswered
	case named:
		r.reject(namedHousehold("reason"))
		return errAnswered
	case !r.Accept:
		return nil
	case r.own(&c):
		r.reject(WriteProblem{Code: "own", Field: "id", SentenceVi: "không ai tự chấp nhận khiếu nại mình đã mở; hãy để người khác giải quyết, hoặc tự bác bỏ để rút lại", SentenceEn: "nobody accepts a challenge opened by oneself; let somebody else resolve it, or reject it to take it back"})
		return errAnswered
	}
	return r.correct(ctx, &c)
}

// Province is the code of the province that the challenge is of.
func (r *resolver) Province() string { return r.ChallengeKey.Province }

// own tells whether who resolves has opened the challenge. On the program's own machine nobody is told from others.
func (r *resolver) own(c *foundChallenge) bool {
	return c.Issuer != nil && c.Subject != nil && *c.Issuer == r.caller.Issuer && *c.Subject == r.caller.Subject && r.caller.Issuer != access.Local().Issuer
}

// enter says what became of the challenge, what was corrected, and who did it.
func (r *resolver) enter(ctx context.Context) error {
	r.answer.Outcome, r.answer.Status, r.answer.Reason = Updated, ChallengeRejected, r.Reason
	if r.Accept {
		r.answer.Status = ChallengeAccepted
	}
	for _, n := range r.changed {
		r.landed += n
	}
	done, err := r.tx.Exec(ctx, importQuery("challenge_resolve"), pgx.NamedArgs{"province": r.Province(), "id": r.ID, "status": r.answer.Status})
	if err != nil {
		return err
	}
	if done.RowsAffected() != 1 {
		return fmt.Errorf("challenge: %d were resolved", done.RowsAffected())
	}
	if err := step(ctx, r.tx, r.ChallengeKey, string(r.answer.Status), r.Reason, r.caller, r.Resolving.Now); err != nil {
		return err
	}
	if err := r.note(ctx); err != nil {
		return err
	}
	rows := int(r.landed)
	args, err := entryOf(r.caller, reading{entry: r.Entry, filter: map[string]any{"province": r.Province(), "challenge": r.ID, "accepted": r.Accept}}, &rows)
	if err != nil {
		return err
	}
	_, err = r.tx.Exec(ctx, auditAdd.sql, args)
	return err
}
