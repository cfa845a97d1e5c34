package db

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"
)

var datasetAll = query("dataset_all")

// Dataset is what is loaded of one province: its latest import.
type Dataset struct {
	Province   string // the code
	AsOf       time.Time
	Source     string
	Licence    *string
	Synthetic  bool
	ImportedAt time.Time
	Snapshot   int64 // counts the imports that changed anything
}

// Token names the state of one province's data: "96-12".
func (s Dataset) Token() string { return fmt.Sprintf("%s-%d", s.Province, s.Snapshot) }

// Datasets returns one Dataset a province, by code.
func (d *DB) Datasets(ctx context.Context) ([]Dataset, error) {
	return ask[Dataset](ctx, d, datasetAll, nil)
}

// Snapshot names the state of everything that is loaded: "96-12" for one province, a digest for several, "0" when
// nothing is loaded. It changes with every import that changed anything.
func (d *DB) Snapshot(ctx context.Context) (string, error) {
	datasets, err := d.Datasets(ctx)
	if err != nil {
		return "", err
	}
	tokens := make([]string, len(datasets))
	for i, s := range datasets {
		tokens[i] = s.Token()
	}
	return snapshotOf(strings.Join(tokens, " ")), nil
}

// snapshotOf names a state by the tokens of its provinces, by code, with a space between.
func snapshotOf(tokens string) string {
	if tokens == "" {
		return "0"
	}
	if !strings.Contains(tokens, " ") {
		return tokens
	}
	return fmt.Sprintf("%x", sha256.Sum256([]byte(tokens)))[:16]
}
