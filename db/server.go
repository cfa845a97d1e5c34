package db

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// ServerOptions says where a private server keeps its data and what it is for.
type ServerOptions struct {
	// Folder holds the data, the log and, where its path is short enough, the socket. It is
	// made if absent. When the program runs as root the folder comes to belong to the system
	// user postgres, because PostgreSQL refuses to run as root.
	Folder string

	// Volatile trades safety for speed: nothing is flushed to the disk, and the folder is
	// removed when the server stops. For tests.
	Volatile bool

	// Join connects to a server that another living process keeps in the same folder,
	// instead of failing with ErrServerInUse. Stop leaves such a server running.
	Join bool
}

// ErrServerInUse is returned by StartServer, wrapped with the process and the remedy, when
// another living process keeps a server in the folder.
var ErrServerInUse = errors.New("the folder's database is in use by another process")

// Server is a private PostgreSQL with PostGIS that listens on a Unix socket only.
type Server struct {
	folder  string
	socket  string
	install install
	account account
	options ServerOptions
	lock    *os.File // held while this process keeps the server; nil when joined
	tether  *tether
}

// StartServer starts the private server of a folder, preparing the folder at the first start.
//
// The server lives as long as this process at most: Stop ends it, and so does the end of the
// process, however it comes. A server that outlived its process all the same is stopped first,
// and what a killed server left behind is cleared; PostgreSQL then recovers by itself.
func StartServer(ctx context.Context, options ServerOptions) (*Server, error) {
	folder, err := filepath.Abs(options.Folder)
	if err != nil {
		return nil, fmt.Errorf("database folder: %w", err)
	}
	s := &Server{folder: folder, options: options}
	if s.account, err = serverAccount(); err != nil {
		return nil, err
	}
	if err := s.account.ownFolder(folder); err != nil {
		return nil, err
	}
	if s.socket, err = s.account.socketFolder(folder); err != nil {
		return nil, err
	}
	if s.lock, err = lockFolder(folder); errors.Is(err, ErrServerInUse) && options.Join {
		err = s.join(ctx)
	}
	if err != nil {
		return nil, err
	}
	if s.Joined() {
		return s, nil
	}
	kept.Store(s, nil)
	if err := s.start(ctx); err != nil {
		return nil, errors.Join(err, s.Stop(context.WithoutCancel(ctx)))
	}
	return s, nil
}

// kept refers to the servers that run: the lock and the tether of one that its caller has
// forgotten must not be collected, or the server would stop under whoever uses its URL.
var kept sync.Map

func (s *Server) start(ctx context.Context) (err error) {
	if s.install, err = findInstall(dataVersion(s.data())); err != nil {
		return err
	}
	if err := s.clearLeftovers(ctx); err != nil {
		return err
	}
	if err := s.initialise(ctx); err != nil {
		return err
	}
	if err := s.configure(); err != nil {
		return err
	}
	started := time.Now()
	if out, err := s.command(ctx, "pg_ctl", "start", "-w", "-t", "300", "-s",
		"-D", s.data(), "-l", s.logFile()).CombinedOutput(); err != nil {
		return fmt.Errorf("start PostgreSQL: %w\n%s%s", err, out, s.logSince(started))
	}
	if s.tether, err = s.tie(); err != nil {
		return err
	}
	return s.ensureDatabase(ctx)
}

// URL returns the connection string of the server's database.
func (s *Server) URL() string { return s.databaseURL(databaseName) }

// Joined tells that another process keeps the server, so that Stop will leave it running.
func (s *Server) Joined() bool { return s.lock == nil }

// Stop ends the server, disconnecting whoever is connected, and waits until it has written
// everything. It does nothing to a server that was joined, and nothing when called again.
func (s *Server) Stop(ctx context.Context) error {
	if s.lock == nil {
		return nil
	}
	var failure error
	if pid := s.postmaster(); pid != 0 {
		failure = s.stopPostmaster(ctx, pid)
	}
	s.tether.release()
	if s.options.Volatile {
		failure = errors.Join(failure, os.RemoveAll(s.socket), os.RemoveAll(s.folder))
	}
	// Closing alone is not enough: a program that is being started just now has a copy of the lock until it runs.
	failure = errors.Join(failure, syscall.Flock(int(s.lock.Fd()), syscall.LOCK_UN), s.lock.Close())
	s.lock = nil
	kept.Delete(s)
	return failure
}

func (s *Server) stopPostmaster(ctx context.Context, pid int) error {
	out, err := s.command(ctx, "pg_ctl", "stop", "-w", "-t", "60", "-s", "-m", "fast", "-D", s.data()).CombinedOutput()
	if err == nil || !s.runsHere(pid) {
		return nil
	}
	// A backend that does not answer must not keep the program from ending: what is
	// committed is in the log, and the next start recovers it.
	ctx = context.WithoutCancel(ctx)
	if hard := s.command(ctx, "pg_ctl", "stop", "-w", "-t", "30", "-s", "-m", "immediate", "-D", s.data()).Run(); hard != nil && s.runsHere(pid) {
		return fmt.Errorf("stop PostgreSQL (process %d): %w\n%s", pid, err, out)
	}
	return nil
}

func (s *Server) data() string    { return filepath.Join(s.folder, "data") }
func (s *Server) logFile() string { return filepath.Join(s.folder, "log") }

func (s *Server) databaseURL(name string) string {
	return serverURL(s.socket, name)
}

func lockOwner(file *os.File) string {
	text := make([]byte, 20)
	n, _ := file.ReadAt(text, 0)
	if pid, err := strconv.Atoi(string(text[:n])); err == nil {
		return fmt.Sprintf("process %d", pid)
	}
	return "another process"
}
