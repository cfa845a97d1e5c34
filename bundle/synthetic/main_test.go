package synthetic

import (
	"context"
	"os"
	"testing"
)

// noDeadline is for what all tests share and no one test may cancel.
var noDeadline = context.Background()

// fullDir is where the province at scale 1 stands, once a test wanted it.
var fullDir string

func TestMain(m *testing.M) {
	code := m.Run()
	if fullDir != "" {
		os.RemoveAll(fullDir)
	}
	os.Exit(code)
}
