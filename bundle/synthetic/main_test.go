package synthetic

import (
	"context"
	"os"
	"testing"
)

// noDeadline is for what all tests share and no one test may cancel.
var noDeadline = context.Background()

// fullDir and fifthDir are where the shared provinces stand, once a test wanted them.
var fullDir, fifthDir string

func TestMain(m *testing.M) {
	code := m.Run()
	for _, dir := range []string{fullDir, fifthDir} {
		if dir != "" {
			os.RemoveAll(dir)
		}
	}
	os.Exit(code)
}
