package sync

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"vunglom/outbound"
)

// keep is the folder of a source: its answers as they came, by their hash, and the run that is under way. They hold personal
// data, so nobody but the program's own user may read them.
type keep struct{ folder string }

const answersFolder = "answers"

// openKeep makes a source's folder where there is none.
func openKeep(data, source string) (keep, error) {
	k := keep{filepath.Join(data, source)}
	for _, folder := range []string{data, k.folder, filepath.Join(k.folder, answersFolder)} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return k, fmt.Errorf("thư mục dữ liệu không tạo được · the folder of answers can't be made: %w", err)
		}
		if err := os.Chmod(folder, 0o700); err != nil {
			return k, err
		}
	}
	return k, nil
}

// came is an answer that has come, and is not yet known to be one.
type came struct {
	path, hash string
	bytes      int64
}

var errTooLong = errors.New("câu trả lời dài quá · the answer is too long")

// receive writes an answer down as it comes.
func (k keep) receive(in io.Reader, most int64) (came, error) {
	file, err := os.CreateTemp(filepath.Join(k.folder, answersFolder), ".coming-") // 0600
	if err != nil {
		return came{}, err
	}
	hash := sha256.New()
	n, err := io.Copy(io.MultiWriter(file, hash), io.LimitReader(in, most+1))
	if err == nil && n > most {
		err = fmt.Errorf("%w: hơn %[2]d byte; xem limits.answerBytes · more than %[2]d bytes; see limits.answerBytes", errTooLong, most)
	}
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return came{}, errors.Join(err, os.Remove(file.Name()))
	}
	return came{file.Name(), hex.EncodeToString(hash.Sum(nil)), n}, nil
}

// store keeps an answer that has come under its hash. The same answer is kept once.
func (k keep) store(c came, p page) (page, error) {
	p.Hash, p.Bytes = c.hash, c.bytes
	return p, os.Rename(c.path, k.answer(c.hash))
}

// unusable is the name of the last answer that came and could not be used, so that somebody can see why.
const (
	unusable     = "unusable"
	mostUnusable = 1 << 20 // bytes of it that are kept
)

// setAside keeps the beginning of an answer that can't be used in place of the one before, without secrets, and returns where.
func (k keep) setAside(c came, v *outbound.Veil) (path string, err error) {
	file, err := os.Open(c.path)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(io.LimitReader(file, mostUnusable))
	path = filepath.Join(k.folder, answersFolder, unusable)
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.WriteFile(path, []byte(v.Beginning(string(text))), 0o600)
	}
	return path, errors.Join(err, os.Remove(c.path))
}

func (k keep) answer(hash string) string { return filepath.Join(k.folder, answersFolder, hash) }

// whole tells whether an answer is there as it came.
func (k keep) whole(p page) bool {
	file, err := os.Open(k.answer(p.Hash))
	if err != nil {
		return false
	}
	defer file.Close()
	hash := sha256.New()
	n, err := io.Copy(hash, file)
	return err == nil && n == p.Bytes && hex.EncodeToString(hash.Sum(nil)) == p.Hash
}

// Kept tells how many answers of sources are kept in data, as they came.
func Kept(data string) (answers int, err error) {
	err = filepath.WalkDir(data, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && filepath.Base(filepath.Dir(path)) == answersFolder {
			answers++
		}
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return answers, nil
	}
	return answers, err
}

// Sweep removes what is older than it is to be kept: answers of all sources, of those too that the settings no longer name, and
// what runs that broke off have left. An answer that came again is as old as its last coming. A source that another program syncs
// just now is left for later.
func (s *Settings) Sweep(data string, now time.Time) (removed int, err error) {
	folders, err := os.ReadDir(data)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	for _, folder := range folders {
		if !folder.IsDir() {
			continue
		}
		n, serr := s.sweepOne(keep{filepath.Join(data, folder.Name())}, now)
		removed += n
		err = errors.Join(err, serr)
	}
	return removed, err
}

func (s *Settings) sweepOne(k keep, now time.Time) (removed int, err error) {
	door, err := k.enter() // who begins a run meanwhile waits, and is not told that there is one
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, door.Close()) }()
	lock, err := k.hold()
	if errors.Is(err, errHeld) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	needed := map[string]bool{}
	if run, open := k.readRun(); open && now.Sub(run.Began) < s.resume {
		for _, p := range run.pages {
			needed[p.Hash] = true
		}
	}
	return k.sweep(needed, now.AddDate(0, 0, -s.KeepDays), now.Add(-s.resume))
}

func (k keep) sweep(needed map[string]bool, answersBefore, restBefore time.Time) (removed int, err error) {
	werr := filepath.WalkDir(k.folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == k.folder {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		name := entry.Name()
		switch {
		case entry.IsDir() && strings.HasPrefix(name, mappedPrefix):
			if info.ModTime().Before(restBefore) {
				removed++
				err = os.RemoveAll(path)
			}
			return errors.Join(err, fs.SkipDir)
		case entry.IsDir(), needed[name], name == lockFile, name == aloneFile:
			return nil
		case filepath.Base(filepath.Dir(path)) == answersFolder && !strings.HasPrefix(name, "."):
			if !info.ModTime().After(answersBefore) {
				removed++
				return os.Remove(path)
			}
		case info.ModTime().Before(restBefore):
			removed++
			return os.Remove(path)
		}
		return nil
	})
	return removed, errors.Join(err, werr)
}
