package sync

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// aloneFile says until when a source wants to be left alone. It outlives the run that was told so.
const aloneFile = "not-before"

// leaveAlone notes until when a source wants to be left alone.
func (k keep) leaveAlone(until time.Time) error {
	return os.WriteFile(filepath.Join(k.folder, aloneFile), []byte(until.Format(time.RFC3339Nano)+"\n"), 0o600)
}

// alone returns until when a source wants to be left alone; the zero time: it never said so.
func (k keep) alone() time.Time {
	text, err := os.ReadFile(filepath.Join(k.folder, aloneFile))
	if err != nil {
		return time.Time{}
	}
	until, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(string(text)))
	if err != nil { // half of it: the program was killed meanwhile
		return time.Time{}
	}
	return until
}

// leftAlone is the error of a source that is not asked, because it wants to be left alone.
func leftAlone(until time.Time, k keep) error {
	at, file := until.Format("2006-01-02 15:04:05 MST"), filepath.Join(k.folder, aloneFile)
	return fmt.Errorf("nguồn yêu cầu (Retry-After) không hỏi trước %[1]s; lần chạy sau đó sẽ tiếp tục, hoặc xoá %[2]s nếu nguồn nói sai · the source wants not to be asked before %[1]s (Retry-After); a run after that goes on, or remove %[2]s if it is mistaken", at, file)
}
