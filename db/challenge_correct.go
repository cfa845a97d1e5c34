package db

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"vunglom/bundle"
)

// foundHome is a household that a challenge is about.
type foundHome struct {
	Code                       string
	RegisteredOn               time.Time
	EndedOn                    *time.Time
	AddressScheme, AddressCode *string
}

// correct makes the rows of what a challenge corrects.
func (r *resolver) correct(ctx context.Context, c *foundChallenge) error {
	if !c.Other {
		r.reject(WriteProblem{Code: "reference", Field: "otherCode", Value: *c.OtherCode, SentenceVi: "cái ở lại không còn, hoặc nằm ngoài phạm vi của tài khoản này", SentenceEn: "the one that stays is no longer there, or lies outside of the units of this account"})
		return errAnswered
	}
	args := pgx.StrictNamedArgs{"province": r.Province(), "household": c.HouseholdCode, "scheme": c.AddressScheme, "address": c.AddressCode, "day": c.Day}
	rows, err := r.tx.Query(ctx, importQuery("challenge_household"), args)
	if err != nil {
		return err
	}
	homes, err := pgx.CollectRows(rows, pgx.RowToStructByName[foundHome])
	if err != nil {
		return err
	}
	switch {
	case c.Kind == AlreadyGuided:
		return r.visit(c, homes)
	case c.Kind == WrongPlace:
		r.moves = true
		r.address(c, map[string]any{"lon": *c.PointLongitude, "lat": *c.PointLatitude, "surveyedOn": c.OpenedOn.Format(time.DateOnly)})
	case c.Kind == NotAHouse, c.Kind == Duplicate && c.HouseholdCode == nil:
		r.address(c, map[string]any{"kind": "other"})
	}
	switch {
	case c.Kind == Duplicate && c.HouseholdCode == nil:
		r.settle(homes, func(h *foundHome) map[string]any {
			return map[string]any{"addressScheme": *c.OtherScheme, "addressCode": *c.OtherCode}
		})
	case c.Kind != WrongPlace:
		r.settle(homes, func(h *foundHome) map[string]any {
			end := c.Day
			if end.Before(h.RegisteredOn) { // it has been there on no day
				end = h.RegisteredOn
			}
			if h.EndedOn != nil && !h.EndedOn.After(end) {
				return nil
			}
			return map[string]any{"endedOn": end.Format(time.DateOnly)}
		})
	}
	return nil
}

// address corrects fields of the address.
func (r *resolver) address(c *foundChallenge, fields map[string]any) {
	item := map[string]any{"scheme": *c.AddressScheme, "code": *c.AddressCode, "kind": *c.AddressKind, "lon": *c.Longitude, "lat": *c.Latitude}
	was := func(field string, former, became *string) {
		if former == nil || *former != *became {
			r.corrections = append(r.corrections, Correction{"address", c.AddressScheme, *c.AddressCode, field, former, became})
		}
	}
	for field, value := range fields {
		item[field] = value
		switch field {
		case "kind":
			became := value.(string)
			was(field, c.AddressKind, &became)
		case "lon":
			former, became := place(*c.Longitude, *c.Latitude), place(fields["lon"].(float64), fields["lat"].(float64))
			was("position", &former, &became)
		case "surveyedOn":
			became := value.(string)
			was("surveyed_on", dayText(c.SurveyedOn), &became)
		}
	}
	t := bundle.TableNamed("addresses")
	r.bundle.Add(t, [][][]byte{rowOf(t, item)})
}

// place writes a point as a correction has it, as PostgreSQL writes its coordinates.
func place(longitude, latitude float64) string {
	return strconv.FormatFloat(longitude, 'f', -1, 64) + " " + strconv.FormatFloat(latitude, 'f', -1, 64)
}

func dayText(day *time.Time) *string {
	if day == nil {
		return nil
	}
	text := day.Format(time.DateOnly)
	return &text
}

// settle corrects fields of households; nil: none of that one.
func (r *resolver) settle(homes []foundHome, fields func(*foundHome) map[string]any) {
	t := bundle.TableNamed("households")
	var items [][][]byte
	for i := range homes {
		h := &homes[i]
		item := fields(h)
		if item == nil {
			continue
		}
		if end, is := item["endedOn"].(string); is {
			r.corrections = append(r.corrections, Correction{"household", nil, h.Code, "ended_on", dayText(h.EndedOn), &end})
		} else {
			former, became := fmt.Sprint(*h.AddressScheme, "/", *h.AddressCode), fmt.Sprint(item["addressScheme"], "/", item["addressCode"])
			r.corrections = append(r.corrections, Correction{"household", nil, h.Code, "address", &former, &became})
		}
		item["code"], item["registeredOn"] = h.Code, h.RegisteredOn.Format(time.DateOnly)
		items = append(items, rowOf(t, item))
	}
	if len(items) > 0 {
		r.bundle.Add(t, items)
	}
}

// visit writes the visit that nobody had recorded.
func (r *resolver) visit(c *foundChallenge, homes []foundHome) error {
	if len(homes) != 1 {
		r.reject(WriteProblem{Code: "reference", Field: "householdCode",
			SentenceVi: fmt.Sprintf("ngày ấy địa chỉ này có %d hộ trong sổ đăng ký; hãy mở khiếu nại về một hộ", len(homes)),
			SentenceEn: fmt.Sprintf("%d households were on the register at this address that day; open a challenge about a household", len(homes))})
		return errAnswered
	}
	t, code, guided := bundle.TableNamed("visits"), "challenge-"+strconv.FormatInt(r.ID, 10), "guided"
	r.corrections = append(r.corrections, Correction{"visit", nil, code, "outcome", nil, &guided})
	r.bundle.Add(t, [][][]byte{rowOf(t, map[string]any{"code": code, "householdCode": homes[0].Code, "teamCode": *c.TeamCode, "visitedOn": c.Day.Format(time.DateOnly), "outcome": guided})})
	return nil
}

// note keeps what was corrected.
func (r *resolver) note(ctx context.Context) error {
	if len(r.corrections) == 0 {
		return nil
	}
	n := len(r.corrections)
	whats, codes, fields := make([]string, n), make([]string, n), make([]string, n)
	schemes, formers, becames := make([]*string, n), make([]*string, n), make([]*string, n)
	for i, k := range r.corrections {
		whats[i], schemes[i], codes[i], fields[i], formers[i], becames[i] = k.What, k.Scheme, k.Code, k.Field, k.Former, k.Became
	}
	_, err := r.tx.Exec(ctx, importQuery("correction_add"), pgx.NamedArgs{"province": r.Province(), "id": r.ID, "today": Today(r.Resolving.Now),
		"whats": whats, "schemes": schemes, "codes": codes, "fields": fields, "formers": formers, "becames": becames})
	return err
}
