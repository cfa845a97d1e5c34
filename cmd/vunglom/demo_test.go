package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// reachableFolder is no t.TempDir: as root, the database's user could not pass through that.
func reachableFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "vunglom-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	return folder
}

// TestDemo is a stranger's first hour: killed in the midst of the import, started again,
// asked the query it proposes, joined by another command, stopped, started once more.
func TestDemo(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("brings up a whole province several times")
	}
	settings := []string{"VUNGLOM_DATA_DIR=" + reachableFolder(t), "VUNGLOM_LISTEN=127.0.0.1:0", "VUNGLOM_SCALE=0.02"}

	killed := program(t, settings, "demo")
	awaitLine(t, killed, stderrOf, "read households")
	if err := killed.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = killed.Wait()

	first := program(t, settings, "demo")
	said := awaitLine(t, first, stdoutOf, "Ctrl-C")
	if !strings.Contains(said, "import:") {
		t.Fatalf("after kill -9 the import was not done again:\n%s", said)
	}
	askFirstQuery(t, said)
	askPublished(t, said)
	if code, out, errs := outcome(t, program(t, settings, "verify")); code != 0 {
		t.Fatalf("verify beside the running demo: exit code %d\n%s%s", code, out, errs)
	}
	interrupt(t, first)

	second := program(t, settings, "demo")
	said = awaitLine(t, second, stdoutOf, "Ctrl-C")
	if strings.Contains(said, "import:") {
		t.Fatalf("the second start did not keep the data:\n%s", said)
	}
	askFirstQuery(t, said)
	askPublished(t, said)
	interrupt(t, second)

	folder := strings.TrimPrefix(settings[0], "VUNGLOM_DATA_DIR=")
	if _, err := os.Stat(filepath.Join(folder, "postgresql", "data", "postmaster.pid")); !os.IsNotExist(err) {
		t.Fatalf("the database was left running: %v", err)
	}
}

func stdoutOf(cmd *exec.Cmd) (io.ReadCloser, error) { return cmd.StdoutPipe() }
func stderrOf(cmd *exec.Cmd) (io.ReadCloser, error) { return cmd.StderrPipe() }

// awaitLine starts the program and returns what it said up to and with a line that holds a text.
func awaitLine(t *testing.T, cmd *exec.Cmd, pipe func(*exec.Cmd) (io.ReadCloser, error), text string) string {
	t.Helper()
	out, err := pipe(cmd)
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	var said strings.Builder
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		said.WriteString(lines.Text() + "\n")
		if strings.Contains(lines.Text(), text) {
			go io.Copy(io.Discard, out) // so that the program is never held up
			return said.String()
		}
	}
	t.Fatalf("the program ended before it said %q:\n%s", text, said.String())
	return ""
}

func interrupt(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("after Ctrl-C: %v", err)
	}
}

var (
	graphqlAddress = regexp.MustCompile(`curl -s (http://\S+/graphql)`)
	graphqlBody    = regexp.MustCompile(`-d '(.*)'`)
)

// askFirstQuery sends what the demo tells a person to send.
func askFirstQuery(t *testing.T, said string) {
	t.Helper()
	body := graphqlBody.FindStringSubmatch(said)
	if body == nil {
		t.Fatalf("the demo proposes no query:\n%s", said)
	}
	var answer struct {
		CoverageGaps struct {
			TotalCount int
			Nodes      []struct{ Reasons []string }
		}
	}
	askDemo(t, said, body[1], &answer)
	gaps := answer.CoverageGaps
	if gaps.TotalCount == 0 || len(gaps.Nodes) == 0 || len(gaps.Nodes[0].Reasons) == 0 {
		t.Fatalf("the first query: %+v", answer)
	}
}

// askPublished looks for the provinces of which only published figures are known.
func askPublished(t *testing.T, said string) {
	t.Helper()
	var answer struct {
		Datasets []struct {
			Province  string
			Synthetic bool
		}
		AdminUnit struct{ Coverage struct{ Basis string } }
	}
	askDemo(t, said, `{"query": "{ datasets { province synthetic } adminUnit(level: PROVINCE, code: \"22\") { coverage { basis } } }"}`, &answer)
	if got := fmt.Sprint(answer); got != "{[{22 false} {83 false} {94 false} {96 true}] {{NONE}}}" {
		t.Fatalf("datasets and Quảng Ninh: %s", got)
	}
}

// askDemo sends a query's body to the demo and reads the answer's data.
func askDemo(t *testing.T, said, body string, data any) {
	t.Helper()
	address := graphqlAddress.FindStringSubmatch(said)
	if address == nil {
		t.Fatalf("the demo says no address:\n%s", said)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address[1], strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("content-type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	answer := struct {
		Data   any
		Errors []any
	}{Data: data}
	if err := json.Unmarshal(text, &answer); err != nil || len(answer.Errors) > 0 {
		t.Fatalf("%v: %s", err, text)
	}
}
