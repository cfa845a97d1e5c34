package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// writeWhole writes a file so that nobody who looks for it finds half of it: beside its place, and moved there once it is
// whole. A link leads to the file that is replaced; what is no file, such as a device or a pipe, is written to as it is.
func writeWhole(path string, write func(io.Writer) error) (err error) {
	fresh, err := beside(&path)
	if err != nil {
		return cannotWrite(path, err)
	}
	whole := false
	defer func() { // after a panic, too
		if fresh.Name() != path && !whole {
			err = errors.Join(err, os.Remove(fresh.Name()))
		}
	}()
	if err := write(fresh); err != nil {
		return errors.Join(err, fresh.Close())
	}
	if fresh.Name() == path {
		return fresh.Close()
	}
	if err := errors.Join(fresh.Chmod(0o644), fresh.Close(), os.Rename(fresh.Name(), path)); err != nil {
		return cannotWrite(path, err)
	}
	whole = true
	return nil
}

// canWrite tells whether writeWhole can begin, for work that has landed by the time there is something to write. An empty
// path is no file.
func canWrite(path string) error {
	if path == "" {
		return nil
	}
	fresh, err := beside(&path)
	if err != nil {
		return cannotWrite(path, err)
	}
	if fresh.Name() == path {
		return fresh.Close()
	}
	return errors.Join(fresh.Close(), os.Remove(fresh.Name()))
}

// beside creates a hidden file in the folder of another, to take its place; of what is no regular file it opens that itself. A
// path that is a link becomes what it leads to.
func beside(path *string) (*os.File, error) {
	if led, err := filepath.EvalSymlinks(*path); err == nil {
		*path = led
	}
	if info, err := os.Stat(*path); err == nil && !info.Mode().IsRegular() {
		return os.OpenFile(*path, os.O_WRONLY, 0)
	}
	return os.CreateTemp(filepath.Dir(*path), "."+filepath.Base(*path)+".*")
}

// cannotWrite names the file that was asked for, not the one beside it.
func cannotWrite(path string, err error) error {
	var of *fs.PathError
	if errors.As(err, &of) {
		err = of.Err
	}
	return fmt.Errorf("không ghi được · can't write %s: %w", path, err)
}
