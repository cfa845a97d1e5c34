package sync

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// layouts are what the letters of a date format mean to package time. Days and months may have one digit or two.
var layouts = strings.NewReplacer("yyyy", "2006", "MM", "1", "dd", "2", "HH", "15", "mm", "04", "ss", "05")

// knownDate tells whether a text says how days are written.
func knownDate(way string) bool {
	switch way {
	case "rfc3339", "unix", "unixMillis":
		return true
	}
	return strings.Count(way, "yyyy") == 1 && strings.Count(way, "MM") == 1 && strings.Count(way, "dd") == 1
}

// readDay reads a day that is written in one of those ways and returns it as YYYY-MM-DD. An instant is the day that it is in the zone.
func readDay(text string, ways []string, zone *time.Location) (string, bool) {
	for _, way := range ways {
		var t time.Time
		var err error
		switch way {
		case "rfc3339":
			t, err = time.Parse(time.RFC3339, text)
		case "unix", "unixMillis":
			var n int64
			if n, err = strconv.ParseInt(text, 10, 64); way == "unix" {
				t = time.Unix(n, 0)
			} else {
				t = time.UnixMilli(n)
			}
		default:
			t, err = time.ParseInLocation(layouts.Replace(way), text, zone)
		}
		if t = t.In(zone); err == nil && t.Year() >= 1 && t.Year() <= 9999 {
			return t.Format(time.DateOnly), true
		}
	}
	return "", false
}

// readLocalNumber reads a number as it is written in Vietnam, 1.729 or 75,4% or -3,5, and returns it as programs write it. What
// is a number in JSON has no local form. Thousands begin with no zero: 0.754 is a fraction in another form, and refused.
func readLocalNumber(value any) (string, bool) {
	if n, is := value.(json.Number); is {
		return n.String(), true
	}
	text, _ := value.(string)
	text = strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(text)
	text, percent := strings.CutSuffix(text, "%")
	sign := ""
	if rest, minus := strings.CutPrefix(strings.TrimSpace(text), "-"); minus {
		text, sign = rest, "-"
	}
	whole, fraction, pointed := strings.Cut(strings.TrimSpace(text), ",")
	mark := "."
	if strings.Contains(whole, " ") { // 1 729 has them too
		mark = " "
	}
	groups := strings.Split(whole, mark)
	if len(groups) > 1 && strings.HasPrefix(groups[0], "0") {
		return "", false
	}
	for i, group := range groups {
		if !digits(group) || i > 0 && len(group) != 3 || i == 0 && len(groups) > 1 && len(group) > 3 {
			return "", false
		}
	}
	whole = strings.Join(groups, "")
	if pointed && !digits(fraction) || len(whole)+len(fraction) > 30 {
		return "", false
	}
	if percent { // two places to the left, without a rounding
		whole = "00" + whole
		whole, fraction = whole[:len(whole)-2], whole[len(whole)-2:]+fraction
	}
	whole, fraction = strings.TrimLeft(whole, "0"), strings.TrimRight(fraction, "0")
	if whole == "" {
		whole = "0"
	}
	if fraction != "" {
		whole += "." + fraction
	}
	return sign + whole, true
}

func digits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}
