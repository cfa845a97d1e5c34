package db

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// databaseName is both the database and the role of a private server.
const databaseName = "vunglom"

func serverURL(socket, name string) string {
	query := url.Values{"host": {socket}, "port": {"5432"}, "user": {databaseName}, "sslmode": {"disable"}}
	return "postgres:///" + name + "?" + query.Encode()
}

// initialise makes the data folder beside its place and moves it there when whole, so that
// an interrupted first start leaves nothing that looks like one.
func (s *Server) initialise(ctx context.Context) error {
	if dataVersion(s.data()) != "" {
		return nil
	}
	fresh := s.data() + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return fmt.Errorf("prepare the database folder: %w", err)
	}
	// Sorting by bytes is fast and the same everywhere; the character type makes lower() know Đ.
	args := []string{"-D", fresh, "-U", databaseName, "--auth-local=trust", "--auth-host=reject",
		"--encoding=UTF8", "--lc-collate=C", "--lc-ctype=C.UTF-8", "--lc-messages=C"}
	if s.options.Volatile {
		args = append(args, "--no-sync")
	}
	if out, err := s.command(ctx, "initdb", args...).CombinedOutput(); err != nil {
		return fmt.Errorf("prepare the database folder: %w\n%s", err, out)
	}
	if err := os.Rename(fresh, s.data()); err != nil {
		return fmt.Errorf("prepare the database folder: %w", err)
	}
	return nil
}

// configure writes the settings anew at every start: they follow the machine and the
// program's version, not the day the folder was made.
func (s *Server) configure() error {
	memoryMB := machineMemoryMB()
	shared, maintenance := min(max(memoryMB/8, 128), 1024), min(max(memoryMB/16, 64), 512)
	settings := [][2]string{
		{"listen_addresses", "''"},
		{"port", "5432"},
		{"unix_socket_directories", quoteSetting(s.socket)},
		{"unix_socket_permissions", "0700"},
		{"max_connections", "100"},
		{"shared_buffers", fmt.Sprintf("%dMB", shared)},
		{"work_mem", "64MB"},
		{"maintenance_work_mem", fmt.Sprintf("%dMB", maintenance)},
		{"dynamic_shared_memory_type", sharedMemoryType()},
		{"max_wal_size", "4GB"},
		{"wal_level", "minimal"}, // nobody replicates a private server
		{"max_wal_senders", "0"},
		{"wal_compression", "lz4"},
		{"checkpoint_timeout", "15min"},
		{"random_page_cost", "1.1"},
		{"effective_io_concurrency", "200"},
		{"jit", "off"}, // compiling costs more than it saves on statements this short
		{"timezone", "'UTC'"},
		{"log_timezone", "'UTC'"},
		{"log_checkpoints", "off"},
	}
	if s.options.Volatile {
		settings = append(settings, [][2]string{
			{"fsync", "off"}, {"full_page_writes", "off"}, {"synchronous_commit", "off"},
			{"max_connections", "400"}, // many tests of many packages at once
		}...)
	}
	var text strings.Builder
	text.WriteString("# Written by vunglom at every start; changes here are lost.\n")
	for _, setting := range settings {
		fmt.Fprintf(&text, "%s = %s\n", setting[0], setting[1])
	}
	if err := os.WriteFile(filepath.Join(s.data(), "postgresql.conf"), []byte(text.String()), 0o644); err != nil {
		return fmt.Errorf("configure the database: %w", err)
	}
	if info, err := os.Stat(s.logFile()); err == nil && info.Size() > 10<<20 {
		return os.Remove(s.logFile())
	}
	return nil
}

func quoteSetting(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// machineMemoryMB reads the memory of the machine, 1024 where that is not told.
func machineMemoryMB() int {
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 1024
	}
	words := strings.Fields(string(text)) // MemTotal: 24689412 kB
	if len(words) < 2 {
		return 1024
	}
	kB, err := strconv.Atoi(words[1])
	if err != nil {
		return 1024
	}
	return kB / 1024
}

// sharedMemoryType avoids /dev/shm where a container gives it too little for parallel statements.
func sharedMemoryType() string {
	var stat syscall.Statfs_t
	if err := syscall.Statfs("/dev/shm", &stat); err != nil || stat.Blocks*uint64(stat.Bsize) < 1<<30 {
		return "mmap"
	}
	return "posix"
}

// ensureDatabase makes the server's database at its first start.
func (s *Server) ensureDatabase(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, s.databaseURL("postgres"))
	if err != nil {
		return fmt.Errorf("connect to the private database: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var exists bool
	if err := conn.QueryRow(ctx, databaseExists.sql, databaseName).Scan(&exists); err != nil || exists {
		return err
	}
	_, err = conn.Exec(ctx, "create database "+databaseName)
	return err
}

var databaseExists = query("database_exists")

// join connects to the server that another process keeps, which may still be starting. Where
// that process was stopping instead, the folder falls to this one: then the lock is held.
func (s *Server) join(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		conn, failure := pgx.Connect(ctx, s.URL())
		if failure == nil {
			return conn.Close(ctx)
		}
		if stop := pause(ctx, 100*time.Millisecond); stop != nil {
			return fmt.Errorf("the database that another process keeps in %s does not answer: %w", s.folder, errors.Join(stop, failure))
		}
		lock, err := lockFolder(s.folder)
		if err == nil {
			s.lock = lock
			return nil
		}
		if !errors.Is(err, ErrServerInUse) {
			return err
		}
	}
}
