package bench

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"vunglom/db/dbtest"
)

// limitMemoryMB is the most memory that the program may hold while it imports.
const limitMemoryMB = 400

// benchMemory runs the program's import as a user does and watches its peak memory.
func benchMemory(b *testing.B, p *province) {
	took, kB := watched(b, dbtest.URL(b), build(b), "import", p.folder)
	MB := float64(kB) / 1024
	b.ReportMetric(MB, "MB")
	verdict := fmt.Sprintf("%.0f MB", MB)
	if scale == 1 {
		verdict += map[bool]string{true: " (< 400: holds)", false: " (< 400: **missed**)"}[MB < limitMemoryMB]
	}
	row("Memory", []string{"program", "took", "peak"}, "`vunglom import`, a process of its own", seconds(took), verdict)
}

// watched runs the program on a database; it returns how long that took and the peak of its memory, kB.
//
// The peak is VmHWM, which counts from the program's start. The resources that wait4
// reports would do, but for a child they begin with the memory of the process that made it.
func watched(b *testing.B, url, program string, args ...string) (time.Duration, int) {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), program, args...)
	cmd.Env = append(os.Environ(), "DATABASE_URL="+url)
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	began := time.Now()
	must(b, cmd.Start())
	watching, stop := context.WithCancel(b.Context())
	peak := make(chan int)
	go func() { peak <- watchPeak(watching, cmd.Process.Pid) }()
	err := cmd.Wait()
	took := time.Since(began)
	stop()
	kB := <-peak
	if err != nil || kB == 0 {
		b.Fatalf("%v: %v, peak %d kB\n%s", args, err, kB, out.String())
	}
	return took, kB
}

// watchPeak returns the last peak memory, in kB, that a process told of before it ended.
func watchPeak(ctx context.Context, pid int) int {
	peak := 0
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if kB := peakOf(pid); kB > 0 {
			peak = kB
		}
		select {
		case <-ctx.Done():
			return peak
		case <-tick.C:
		}
	}
}

func peakOf(pid int) int {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	var kB int
	if _, err := fmt.Sscan(rest, &kB); err != nil {
		return 0 // it is ending
	}
	return kB
}
