package webhook_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vunglom/access"
	"vunglom/lgsp"
	"vunglom/webhook"
)

// patience is how long a test waits for what is sure to come.
const patience = 2 * time.Minute

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
	s, err := lgsp.Load(file, func(string) access.Caller { return access.Local() })
	return s.Webhooks(), s.WebhookRetry, err
}

func answer(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
}
