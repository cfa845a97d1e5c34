package db

import (
	"context"
	"time"
)

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
func (s Dataset) Token() string { return "" }

// Datasets returns one Dataset a province, by code.
func (d *DB) Datasets(ctx context.Context) ([]Dataset, error) { return nil, nil }

// Snapshot names the state of everything that is loaded: "96-12" for one province, a digest for several, "0" when
// nothing is loaded. It changes with every import that changed anything.
func (d *DB) Snapshot(ctx context.Context) (string, error) { return "", nil }
