package main

import (
	"cmp"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"vunglom/db"
)

// Settings are the flags that every command has.
type Settings struct {
	DatabaseURL string `name:"database-url" env:"DATABASE_URL" placeholder:"URL" help:"PostgreSQL + PostGIS để dùng; bỏ trống: chạy máy chủ riêng. · The server to use; empty: a private one."`
	DataDir     string `name:"data-dir" env:"VUNGLOM_DATA_DIR" default:"${data_dir}" placeholder:"DIR" help:"Thư mục dữ liệu. · Folder of the private database and the demo."`
	ErasureKey  string `name:"erasure-key" env:"VUNGLOM_ERASURE_KEY" placeholder:"FILE" help:"Khóa băm mã các hộ đã xóa; bỏ trống: erasure.key trong thư mục dữ liệu. · Key under which erased households are hashed; empty: erasure.key in the data folder."`
	LogFormat   string `name:"log-format" env:"VUNGLOM_LOG_FORMAT" enum:"text,json" default:"text" placeholder:"text|json" help:"Dạng nhật ký. · Format of the log."`
	LogLevel    string `name:"log-level" env:"VUNGLOM_LOG_LEVEL" enum:"debug,info,warn,error" default:"info" placeholder:"debug|info|warn|error" help:"Mức nhật ký. · Least level that is logged."`
}

// setLogger makes the program's log write as the settings say.
func (s *Settings) setLogger(stderr io.Writer) error {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.LogLevel)); err != nil {
		return fmt.Errorf("--log-level: %w", err)
	}
	options := &slog.HandlerOptions{Level: level}
	var handler slog.Handler = slog.NewTextHandler(stderr, options)
	if s.LogFormat == "json" {
		handler = slog.NewJSONHandler(stderr, options)
	}
	slog.SetDefault(slog.New(handler))
	return nil
}

// server describes the private server of the data folder.
func (s *Settings) server() db.ServerOptions {
	return db.ServerOptions{Folder: filepath.Join(s.DataDir, "postgresql"), Join: true}
}

// erasureKey is the file of the key of erased identities.
func (s *Settings) erasureKey() string {
	return cmp.Or(s.ErasureKey, filepath.Join(s.DataDir, "erasure.key"))
}

// where names the database for a person, who may have meant another one. A connection string may hold a password.
func (s *Settings) where() string {
	if s.DatabaseURL != "" {
		return "DATABASE_URL"
	}
	return s.DataDir
}

// defaultDataDir follows the XDG base folders. Root's home is closed to the unprivileged
// user as whom root's database runs, so root gets the system's place.
func defaultDataDir() string {
	if data := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(data) {
		return filepath.Join(data, "vunglom")
	}
	if os.Geteuid() == 0 {
		return "/var/lib/vunglom"
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return filepath.Join(os.TempDir(), fmt.Sprintf("vunglom-%d", os.Getuid()))
	}
	return filepath.Join(home, ".local", "share", "vunglom")
}
