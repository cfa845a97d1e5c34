package db

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
)

var unitSearch = query("unit_search")

// maxSearch is how many characters a text to search may have.
const maxSearch = 200

// SearchArgs says what to look for among the units valid on Day.
type SearchArgs struct {
	Text   string
	Level  Level // "": every level
	Within *Ref
	Day    time.Time
	First  int // 1 to 1,000
}

// Hit is a unit whose name is like the text. Score is 1 for the full name with its exact tones, 0.95 for the name
// with its exact tones, 0.9 and 0.85 for the same without marks; 0.6 to 0.8 where a name begins with the text, 0.4 to
// 0.6 where the text is whole words of it, and under 0.4 where it is only alike (more alike, higher).
type Hit struct {
	Unit  Unit
	Score float64
}

// hitRow is a row of unit_search: 5 the full name, 4 the name, 3 its beginning, 2 words of it, 1 alike.
type hitRow struct {
	Tier     int
	Likeness float64
	Unit
}

// score is that of Hit, for a text in the form of exact.
func (r *hitRow) score(text string) float64 {
	switch {
	case r.Tier >= 4 && exact(r.FullName) == text:
		return 1
	case r.Tier >= 4 && exact(r.Name) == text:
		return 0.95
	case r.Tier == 5:
		return 0.9
	case r.Tier == 4:
		return 0.85
	case r.Tier == 3:
		return 0.6 + 0.2*r.Likeness
	case r.Tier == 2:
		return 0.4 + 0.2*r.Likeness
	}
	return 0.4 * min(r.Likeness, 0.999)
}

// Search finds units by name, the best first: with or without marks, kind and usual abbreviations (TP., TX., TT.,
// P., X., H., Q.). Ties go to the wider level, then to the name in natural order ("khóm 4" before "khóm 10").
// Errors: BAD_INPUT for an empty or long text, the level or First, and those of UnitByRef for Within.
func (d *DB) Search(ctx context.Context, args SearchArgs) ([]Hit, error) {
	if err := checkFirst(args.First); err != nil {
		return nil, err
	}
	if args.Level != "" {
		if err := args.Level.check(); err != nil {
			return nil, err
		}
	}
	text := expand(tidy(args.Text))
	if text == "" || len([]rune(text)) > maxSearch {
		return nil, badInput("chữ cần tìm phải có từ 1 đến %d ký tự", "the text to search must have 1 to %d characters", maxSearch)
	}
	named := map[string]any{
		"text": text, "pattern": likeEscape.Replace(text), "level": string(args.Level), "take": maxPage,
	}
	if err := d.addWithin(ctx, named, args.Within, args.Day); err != nil {
		return nil, err
	}
	found, err := ask[hitRow](ctx, d, unitSearch, named)
	if err != nil {
		return nil, err
	}
	want := exact(text)
	type candidate struct { // a comparison is no place to fold a name again
		Hit
		name string
	}
	ranked := make([]candidate, len(found))
	for i := range found {
		ranked[i] = candidate{Hit{found[i].Unit, found[i].score(want)}, exact(found[i].FullName)}
	}
	slices.SortFunc(ranked, func(a, b candidate) int {
		return cmp.Or(
			cmp.Compare(b.Score, a.Score),
			cmp.Compare(a.Unit.Level.rank(), b.Unit.Level.rank()),
			natural(a.name, b.name),
			strings.Compare(a.Unit.Code, b.Unit.Code),
			strings.Compare(a.Unit.Province, b.Unit.Province),
		)
	})
	hits := make([]Hit, min(len(ranked), args.First))
	for i := range hits {
		hits[i] = ranked[i].Hit
	}
	return hits, nil
}

// likeEscape makes a text mean itself in a LIKE pattern.
var likeEscape = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
