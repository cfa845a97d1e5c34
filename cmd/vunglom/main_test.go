package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// programVariable makes a copy of the test program be vunglom itself, so that tests see what a
// shell sees: exit codes, signals, both outputs.
const programVariable = "VUNGLOM_TEST_BE_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(programVariable) != "" {
		main()
	}
	os.Exit(m.Run())
}

// program prepares a run of vunglom in a clean environment with a few settings.
func program(t *testing.T, settings []string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Env = append([]string{programVariable + "=1", "PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(),
		"TMPDIR=" + os.TempDir(), "VUNGLOM_DATA_DIR=" + t.TempDir()}, settings...)
	return cmd
}

// outcome runs vunglom to its end.
func outcome(t *testing.T, cmd *exec.Cmd) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if slices.Contains(cmd.Args, "import") {
		lean(t, cmd)
	}
	return cmd.ProcessState.ExitCode(), out.String(), errs.String()
}

// importTakes is the memory, in MB, that an import may ever take, whatever it is given and however it ends.
const importTakes = 400

// lean fails the test if a run of the program that has ended, killed or not, ever took more memory than an import may.
func lean(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if took := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss >> 10; memoryIsMeasured && took > importTakes {
		t.Errorf("%v took %d MB, %d at most", cmd.Args[1:], took, importTakes)
	}
}

func TestHelpShowsFlagEnvironmentAndDefault(t *testing.T) {
	t.Parallel()
	code, stdout, stderr := outcome(t, program(t, nil, "--help"))
	if code != 0 || stderr != "" {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	for _, want := range []string{"--database-url", "$DATABASE_URL", "--data-dir", "vunglom; $VUNGLOM_DATA_DIR",
		"--log-format", "$VUNGLOM_LOG_FORMAT", "default text", "--log-level", "$VUNGLOM_LOG_LEVEL", "default info", "serve", "demo", "import", "generate", "export", "migrate", "verify", "version"} {
		if !strings.Contains(strings.Join(strings.Fields(stdout), " "), want) { // however it is wrapped
			t.Errorf("--help does not say %s:\n%s", want, stdout)
		}
	}
	if _, serving, _ := outcome(t, program(t, nil, "serve", "--help")); !strings.Contains(serving, "$VUNGLOM_LISTEN") || !strings.Contains(serving, "127.0.0.1:8080") {
		t.Errorf("serve --help does not say where it listens:\n%s", serving)
	}
	if strings.Contains(stdout, "testdb") {
		t.Errorf("--help shows a command that is not for users:\n%s", stdout)
	}
}

func TestExitCodes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		settings []string
		args     []string
		code     int
		says     string
	}{
		{"no command", nil, nil, exitUsage, "--help"},
		{"unknown command", nil, []string{"fly"}, exitUsage, "fly"},
		{"unknown flag", nil, []string{"version", "--fast"}, exitUsage, "--fast"},
		{"unknown level", []string{"VUNGLOM_LOG_LEVEL=loud"}, []string{"version"}, exitUsage, "loud"},
		{"no database", []string{"DATABASE_URL=postgres://nobody@127.0.0.1:1/none?sslmode=disable"}, []string{"migrate"}, exitFailure, "127.0.0.1"},
		{"version", nil, []string{"version"}, 0, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			code, _, stderr := outcome(t, program(t, test.settings, test.args...))
			if code != test.code || !strings.Contains(stderr, test.says) {
				t.Errorf("exit code %d, want %d and %q in: %s", code, test.code, test.says, stderr)
			}
		})
	}
}

func TestFlagsComeBeforeTheEnvironment(t *testing.T) {
	t.Parallel()
	wrong := "DATABASE_URL=postgres://nobody@127.0.0.1:1/none?sslmode=disable"
	code, _, stderr := outcome(t, program(t, []string{wrong}, "migrate", "--database-url=postgres://nobody@127.0.0.1:2/none?sslmode=disable"))
	if code != exitFailure || !strings.Contains(stderr, "127.0.0.1:2") {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	info := &debug.BuildInfo{Main: debug.Module{Version: "v1.2.3"}, Settings: []debug.BuildSetting{
		{Key: "vcs.revision", Value: "abcdef"}, {Key: "vcs.modified", Value: "true"}}}
	if err := writeVersion(&out, info); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(out.String(), "vunglom v1.2.3 abcdef (modified) go1.") {
		t.Fatal(out.String())
	}
}

func TestTestdb(t *testing.T) {
	t.Parallel()
	folders := t.TempDir()
	if err := errors.Join(os.Chmod(folders, 0o777), os.Chmod(parent(folders), 0o755)); err != nil {
		t.Fatal(err)
	}
	settings := []string{"TMPDIR=" + folders}
	code, stdout, stderr := outcome(t, program(t, settings, "testdb", "--", "sh", "-c", `echo "$VUNGLOM_TEST_DATABASE_URL"; exit 7`))
	if code != 7 || !strings.Contains(stdout, "postgres://") {
		t.Fatalf("exit code %d, want the command's 7: %s%s", code, stdout, stderr)
	}
	if code, _, _ := outcome(t, program(t, settings, "testdb", "--", "true")); code != 0 {
		t.Fatalf("exit code %d of a command that went well", code)
	}
	wantEmpty(t, folders)
}

func TestTestdbStopsOnASignal(t *testing.T) {
	t.Parallel()
	folders := t.TempDir()
	if err := errors.Join(os.Chmod(folders, 0o777), os.Chmod(parent(folders), 0o755)); err != nil {
		t.Fatal(err)
	}
	cmd := program(t, []string{"TMPDIR=" + folders}, "testdb", "--", "sh", "-c", "echo ready; sleep 600")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(out, make([]byte, len("ready\n"))); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != exitInterrupted {
		t.Fatalf("exit code %d after a signal", code)
	}
	wantEmpty(t, folders)
}

func parent(folder string) string { return folder[:strings.LastIndexByte(folder, '/')] }

func wantEmpty(t *testing.T, folder string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		t.Errorf("%s is left", entry.Name())
	}
}

func TestLinesSaysLittle(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	now := time.Unix(0, 0)
	l := &lines{out: &out, now: func() time.Time { return now }}
	for i := range int64(1000) {
		l.step("visits", i+1, 1000)
		now = now.Add(10 * time.Millisecond)
	}
	l.step("adoptions", 5, 0)
	l.finish()
	want := "visits …\nvisits: 501 / 1000 (50 %)\nvisits: 1000, xong trong · done in 10s\nadoptions …\nadoptions: 5, xong trong · done in 0s\n"
	if out.String() != want {
		t.Fatalf("got\n%swant\n%s", out.String(), want)
	}
}

func TestMigrateTwiceOnThePrivateServer(t *testing.T) {
	t.Parallel()
	folder := reachableFolder(t)
	for range 2 {
		code, _, stderr := outcome(t, program(t, []string{"VUNGLOM_DATA_DIR=" + folder}, "migrate"))
		if code != 0 {
			t.Fatalf("exit code %d: %s", code, stderr)
		}
	}
}
