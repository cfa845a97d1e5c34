package webhook_test

import (
	"bufio"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vunglom/lgsp"
	"vunglom/nodetest"
	"vunglom/webhook"
)

// patience is how long a test waits for what is sure to come.
const patience = 2 * time.Minute

// newSecret makes a secret as docs/lgsp.md does.
func newSecret() string {
	raw := make([]byte, 32)
	rand.Read(raw)
	return "whsec_" + base64.StdEncoding.EncodeToString(raw)
}

// heard is what a consumer says of a message.
type heard struct {
	Port       int
	ID, Cursor string
	Refused    string
}

// startConsumer starts a system that takes messages which npm's standardwebhooks verifies by the secret. It returns its address and what it says.
func startConsumer(t *testing.T, secret string) (address string, says <-chan heard) {
	t.Helper()
	const folder = "testdata/consumer"
	nodetest.Install(t, folder)
	cmd := exec.CommandContext(t.Context(), "node", "consumer.mjs")
	cmd.Dir, cmd.Env, cmd.Stderr = folder, append(os.Environ(), "WEBHOOK_SECRET="+secret), os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := make(chan heard, 1000)
	go func() {
		defer close(lines)
		for scanner := bufio.NewScanner(out); scanner.Scan(); {
			var h heard
			if err := json.Unmarshal(scanner.Bytes(), &h); err != nil {
				t.Errorf("%s: %v", scanner.Bytes(), err)
			}
			lines <- h
		}
	}()
	t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
	return fmt.Sprintf("http://127.0.0.1:%d/told", next(t, lines).Port), lines
}

// next waits for what comes next.
func next[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(patience):
		t.Fatal("nothing came")
		panic("unreachable")
	}
}

// systems are the settings of one consumer, read as the program reads them. The secrets stand in files.
func systems(t *testing.T, address, more string, secrets ...string) (map[string]*webhook.Settings, webhook.Retry, error) {
	t.Helper()
	folder := t.TempDir()
	var named []string
	for i, secret := range secrets {
		file := filepath.Join(folder, fmt.Sprint("secret", i))
		if err := os.WriteFile(file, []byte(secret+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		named = append(named, fmt.Sprintf("{file: %q}", file))
	}
	file := filepath.Join(folder, "lgsp.yaml")
	text := fmt.Sprintf("webhookRetry: {time: 2s, first: 20ms, longest: 200ms, giveUp: 1h}\nconsumers: {thue: {webhook: {url: %q, secrets: [%s]%s}}}\n", address, strings.Join(named, ", "), more)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := lgsp.Load(file)
	return s.Webhooks(), s.WebhookRetry, err
}

func answer(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
}
