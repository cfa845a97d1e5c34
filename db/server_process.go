package db

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// command prepares a program of the install, run as the server's account.
func (s *Server) command(ctx context.Context, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(s.install.bin, program), args...)
	cmd.Dir = s.folder
	cmd.SysProcAttr = s.account.attributes()
	cmd.Env = []string{"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C", "TZ=UTC"}
	return cmd
}

// postmaster returns the process id of the folder's running server, 0 where there is none.
func (s *Server) postmaster() int {
	text, err := os.ReadFile(filepath.Join(s.data(), "postmaster.pid"))
	if err != nil {
		return 0
	}
	line, _, _ := bytes.Cut(text, []byte("\n"))
	pid, err := strconv.Atoi(string(line))
	if err != nil || !s.runsHere(pid) {
		return 0
	}
	return pid
}

// runsHere tells whether a process is one of this folder's server: each of them works in
// the data folder. A process id alone proves nothing, ids are given out again.
func (s *Server) runsHere(pid int) bool {
	folder, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", pid))
	if errors.Is(err, os.ErrNotExist) {
		return false
	}
	data, linkErr := filepath.EvalSymlinks(s.data())
	return err == nil && linkErr == nil && folder == data
}

// clearLeftovers stops a server whose program is gone, ends the backends of one that was
// killed, and removes the files that would keep a new one from starting.
func (s *Server) clearLeftovers(ctx context.Context) error {
	if pid := s.postmaster(); pid != 0 {
		if err := s.stopPostmaster(ctx, pid); err != nil {
			return err
		}
	}
	if err := s.endBackends(ctx); err != nil {
		return err
	}
	for _, path := range []string{
		filepath.Join(s.data(), "postmaster.pid"),
		filepath.Join(s.socket, ".s.PGSQL.5432"),
		filepath.Join(s.socket, ".s.PGSQL.5432.lock"),
	} {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("clear what a killed server left: %w", err)
		}
	}
	return nil
}

// endBackends ends the processes of a server whose postmaster was killed: they hold its
// shared memory, and no new server may start beside them. An idle one goes by itself, one in
// the middle of a long statement does not notice.
func (s *Server) endBackends(ctx context.Context) error {
	for attempt := 0; ; attempt++ {
		left := 0
		entries, err := os.ReadDir("/proc")
		if err != nil {
			return nil // no /proc: PostgreSQL's own check of its shared memory remains
		}
		for _, entry := range entries {
			pid, err := strconv.Atoi(entry.Name())
			if err != nil || !s.runsHere(pid) {
				continue
			}
			left++
			signal := syscall.SIGQUIT
			if attempt > 20 {
				signal = syscall.SIGKILL
			}
			if err := syscall.Kill(pid, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
				return fmt.Errorf("end process %d of a killed server: %w", pid, err)
			}
		}
		if left == 0 {
			return nil
		}
		if attempt > 100 {
			return fmt.Errorf("%d processes of a killed server do not end", left)
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
}

// logSince returns the end of the log if it was written to after a time, for error messages.
func (s *Server) logSince(started time.Time) string {
	info, err := os.Stat(s.logFile())
	if err != nil || info.ModTime().Before(started) {
		return ""
	}
	text, err := os.ReadFile(s.logFile())
	if err != nil {
		return ""
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-10):], "\n")
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
