package sync

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"vunglom/outbound"
)

const (
	runFile      = "run.jsonl" // a line that tells of the run, and one for each page
	lockFile     = "lock"
	mappedPrefix = ".bundle-"
)

// begun is the first line of a run's file.
type begun struct {
	Began time.Time `json:"began"`
	About string    `json:"about"` // a digest of the settings that say what is asked for: with others it is another run
}

// Run is one pass over a source, from the first page that is asked for until what came has landed. What a run that broke off has
// received stands; the next one goes on from there.
type Run struct {
	begun
	pages   []page
	resumed int // of the pages, those of an earlier run

	fetch *fetch
	veil  *outbound.Veil
	now   time.Time
	lock  *os.File
}

// Begin begins a run, or goes on with one that broke off. The answers are kept in a folder of the source's name in data. now tells
// the time in the zone whose days count. A run is for one goroutine, and ends with End. Errors hold no secret.
func (s *Settings) Begin(source *Source, data string, now time.Time, log *slog.Logger) (*Run, error) {
	v := &outbound.Veil{}
	r, err := s.begin(source, data, now, v, log)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", source.Name, v.Error(err))
	}
	return r, nil
}

func (s *Settings) begin(source *Source, data string, now time.Time, v *outbound.Veil, log *slog.Logger) (_ *Run, err error) {
	k, err := openKeep(data, source.Name)
	if err != nil {
		return nil, err
	}
	door, err := k.enter()
	if err != nil {
		return nil, err
	}
	lock, err := k.hold()
	if err = errors.Join(err, door.Close()); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, lock.Close())
		}
	}()
	if until := k.alone(); now.Before(until) {
		return nil, leftAlone(until.In(now.Location()), k)
	}
	began := time.Now()
	f, err := newFetch(s, source, k, v, func() time.Time { return now.Add(time.Since(began)) }, log)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.file, err)
	}
	about, err := source.about()
	if err != nil {
		return nil, err
	}
	r := &Run{fetch: f, veil: v, now: now, lock: lock}
	old, open := k.readRun()
	if open && old.About == about && now.Sub(old.Began) < s.resume && old.whole(k) {
		r.begun, r.pages, r.resumed = old.begun, old.pages, len(old.pages)
		return r, k.writeRun(r.begun, r.pages) // without the half of a line that may stand at its end
	}
	r.begun = begun{now, about}
	return r, k.writeRun(r.begun, nil)
}

// errHeld is the error of a source that is being synced.
var errHeld = errors.New("nguồn đang được đồng bộ bởi chương trình khác; hãy đợi nó xong · another program syncs the source just now; wait for it to end")

// enter waits until nobody else begins a run in a source's folder or sweeps it, and keeps it so until the file is closed. It is soon:
// a run that has begun is not waited for.
func (k keep) enter() (*os.File, error) {
	door, err := os.Open(k.folder)
	if err != nil {
		return nil, err
	}
	for {
		err = syscall.Flock(int(door.Fd()), syscall.LOCK_EX)
		if err == nil {
			return door, nil
		}
		if !errors.Is(err, syscall.EINTR) {
			return nil, errors.Join(err, door.Close())
		}
	}
}

// hold keeps others off a source's folder until the file is closed.
func (k keep) hold() (*os.File, error) {
	lock, err := os.OpenFile(filepath.Join(k.folder, lockFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil {
		return nil, errors.Join(errHeld, lock.Close())
	}
	return lock, nil
}

// Resumed is how many pages an earlier run had received.
func (r *Run) Resumed() int { return r.resumed }

// Records is how many records have come.
func (r *Run) Records() int64 { return recordsOf(r.pages) }

// Pages is how many pages have come.
func (r *Run) Pages() int { return len(r.pages) }

// Fetch asks for what is missing. Where it fails, what has come stands for the next run; but where a run that is gone on with is
// refused for good, that begins anew: its cursor may have run out.
func (r *Run) Fetch(ctx context.Context) error {
	return r.veil.Error(r.receive(ctx))
}

func (r *Run) receive(ctx context.Context) error {
	limits := r.fetch.settings.Limits
	for {
		if len(r.pages) > 0 {
			over, err := r.fetch.last(r.pages)
			if err != nil {
				return errors.Join(err, r.forget()) // asking on gives no more
			}
			if over {
				return nil
			}
		}
		if len(r.pages) == limits.Pages {
			return errors.Join(fmt.Errorf("hơn %[1]d trang; xem limits.pages · more than %[1]d pages; see limits.pages", limits.Pages), r.forget())
		}
		p, err := r.fetch.page(ctx, r.pages)
		if err != nil {
			var why *failure
			if r.resumed > 0 && ctx.Err() == nil && errors.As(err, &why) && why.kind != again {
				err = errors.Join(err, r.forget())
			}
			return fmt.Errorf("trang %[1]d · page %[1]d: %[2]w", len(r.pages)+1, err)
		}
		r.pages = append(r.pages, p)
		if err := r.fetch.keep.addPage(p); err != nil {
			return err
		}
		var bytes int64
		for _, p := range r.pages {
			bytes += p.Bytes
		}
		if bytes > limits.RunBytes {
			return errors.Join(fmt.Errorf("hơn %[1]d byte; xem limits.runBytes · more than %[1]d bytes; see limits.runBytes", limits.RunBytes), r.forget())
		}
	}
}

// Hide takes the secrets of the run out of a text: a source may repeat what it was sent in a record.
func (r *Run) Hide(text string) string { return r.veil.Hide(text) }

// Hidden takes them out of an error.
func (r *Run) Hidden(err error) error { return r.veil.Error(err) }

// forget has the next run begin anew.
func (r *Run) forget() error {
	return os.Remove(filepath.Join(r.fetch.keep.folder, runFile))
}

// End ends the run. Where it is to be gone on with, what has come stands: because the database was away, or somebody stopped the
// program. Otherwise the next run begins anew.
func (r *Run) End(goOn bool) error {
	var err error
	if !goOn {
		if err = r.forget(); errors.Is(err, os.ErrNotExist) {
			err = nil
		}
	}
	return errors.Join(err, r.lock.Close())
}

// Pending tells whether a source has a run that broke off and may be gone on with.
func (s *Settings) Pending(source *Source, data string, now time.Time) bool {
	run, open := keep{filepath.Join(data, source.Name)}.readRun()
	return open && now.Sub(run.Began) < s.resume
}

// about is a digest of what is asked for, and as whom. Another mapping of the same answers is the same run, and so is another secret
// of the same name.
func (s *Source) about() (string, error) {
	text, err := json.Marshal(struct {
		URL, Method, Records string
		Query                map[string]string
		Headers              map[string]Text
		Body                 map[string]Item
		Token                *Token
		AccessKey            *AccessKey
		Session              *Session
		Pages                *Pages
	}{s.URL, s.Method, s.Records, s.Query, s.Headers, s.Body, s.Token, s.AccessKey, s.Session, s.Pages})
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), err
}

// stored is a run as its file tells of it.
type stored struct {
	begun
	pages []page
}

func (s stored) whole(k keep) bool {
	for _, p := range s.pages {
		if !k.whole(p) {
			return false
		}
	}
	return true
}

// readRun reads the run that broke off, if one did. A line that was not written to its end is none.
func (k keep) readRun() (s stored, open bool) {
	file, err := os.Open(filepath.Join(k.folder, runFile))
	if err != nil {
		return s, false
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if !open {
			if json.Unmarshal(lines.Bytes(), &s.begun) != nil {
				return s, false
			}
			open = true
			continue
		}
		var p page
		if json.Unmarshal(lines.Bytes(), &p) != nil || p.Hash == "" {
			break
		}
		s.pages = append(s.pages, p)
	}
	return s, open
}

// writeRun writes a run's file anew, whole or not at all.
func (k keep) writeRun(b begun, pages []page) error {
	file, err := os.CreateTemp(k.folder, ".run-")
	if err != nil {
		return err
	}
	e := json.NewEncoder(file)
	err = e.Encode(b)
	for _, p := range pages {
		err = errors.Join(err, e.Encode(p))
	}
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return os.Rename(file.Name(), filepath.Join(k.folder, runFile))
}

// addPage adds a page to the run's file.
func (k keep) addPage(p page) error {
	line, err := json.Marshal(p)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(filepath.Join(k.folder, runFile), os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(append(line, '\n'))
	return errors.Join(err, file.Sync(), file.Close())
}
