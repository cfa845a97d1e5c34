// Package webhooktest has a system that is told of changes, for tests: a server of Node.js that takes what the public library of Standard
// Webhooks verifies.
package webhooktest

import (
	"bufio"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"vunglom/nodetest"
)

// Secret makes a secret as docs/lgsp.md does.
func Secret() string {
	raw := make([]byte, 32)
	rand.Read(raw)
	return "whsec_" + base64.StdEncoding.EncodeToString(raw)
}

// Heard is what a system says of a message that came.
type Heard struct {
	Port       int // of its first line: where it listens
	ID, Cursor string
	Refused    string // why it did not take the message; empty: it took it
}

// Start starts a system that takes messages signed by the secret, until the test ends. It returns its address and what it says.
func Start(t testing.TB, secret string) (address string, says <-chan Heard) {
	t.Helper()
	_, file, _, _ := runtime.Caller(0)
	folder := filepath.Join(filepath.Dir(file), "consumer")
	nodetest.Install(t, folder)
	node := exec.CommandContext(t.Context(), "node", "consumer.mjs")
	node.Dir, node.Env, node.Stderr = folder, append(os.Environ(), "WEBHOOK_SECRET="+secret), os.Stderr
	in, err := node.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := node.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := node.Start(); err != nil {
		t.Fatal(err)
	}
	lines := make(chan Heard, 10_000)
	go func() {
		defer close(lines)
		for scanner := bufio.NewScanner(out); scanner.Scan(); {
			var h Heard
			if err := json.Unmarshal(scanner.Bytes(), &h); err != nil {
				h.Refused = fmt.Sprintf("it said %s", scanner.Bytes())
			}
			lines <- h
		}
	}()
	t.Cleanup(func() {
		_ = in.Close() // it ends with its standard input
		_ = node.Wait()
	})
	return fmt.Sprintf("http://127.0.0.1:%d/told", (<-lines).Port), lines
}
