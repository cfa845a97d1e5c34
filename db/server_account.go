package db

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// maxSocketFolder leaves room in the 107 bytes of a Unix socket's path for "/.s.PGSQL.5432".
const maxSocketFolder = 107 - len("/.s.PGSQL.5432")

// account is the system user whose processes the server's are.
type account struct {
	uid, gid int
	switched bool // the program is root and steps down to it
}

// serverAccount is this process's own user, or postgres where that is root.
func serverAccount() (account, error) {
	if os.Geteuid() != 0 {
		return account{uid: os.Geteuid(), gid: os.Getegid()}, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return account{}, fmt.Errorf("%w: PostgreSQL does not run as root, and there is no system user postgres; run: sudo apt-get install -y postgresql-15-postgis-3",
			ErrPostGISMissing)
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return account{}, fmt.Errorf("system user postgres: %w", err)
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return account{}, fmt.Errorf("system user postgres: %w", err)
	}
	return account{uid: uid, gid: gid, switched: true}, nil
}

// attributes puts a process into a session of its own, out of reach of the terminal's
// Ctrl-C, and under the account.
func (a account) attributes() *syscall.SysProcAttr {
	attributes := &syscall.SysProcAttr{Setsid: true}
	if a.switched {
		attributes.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	}
	return attributes
}

// ownFolder makes a folder that belongs to the account and that nobody else can enter.
func (a account) ownFolder(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("database folder: %w", err)
	}
	if a.switched {
		for parent := filepath.Dir(folder); ; parent = filepath.Dir(parent) {
			info, err := os.Stat(parent)
			if err != nil {
				return fmt.Errorf("database folder: %w", err)
			}
			if info.Mode()&0o001 == 0 && !a.owns(info) {
				return fmt.Errorf("database folder %s: the system user postgres, as whom the database runs, can't pass through %s; choose another folder (--data-dir), such as /var/lib/vunglom",
					folder, parent)
			}
			if parent == filepath.Dir(parent) {
				break
			}
		}
		if err := os.Lchown(folder, a.uid, a.gid); err != nil {
			return fmt.Errorf("database folder: %w", err)
		}
	}
	info, err := os.Lstat(folder)
	if err != nil {
		return fmt.Errorf("database folder: %w", err)
	}
	if !info.IsDir() || !a.owns(info) {
		return fmt.Errorf("database folder %s belongs to somebody else; choose another (--data-dir)", folder)
	}
	return os.Chmod(folder, 0o700)
}

func (a account) owns(info os.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == a.uid
}

// socketFolder returns a folder for the socket: the server's own, or, where that path is
// too long for a socket, one in the folder of temporary files, named after it.
func (a account) socketFolder(folder string) (string, error) {
	if len(folder) <= maxSocketFolder {
		return folder, nil
	}
	sum := sha256.Sum256([]byte(folder))
	short := filepath.Join(os.TempDir(), fmt.Sprintf("vunglom-%x", sum[:6]))
	if len(short) > maxSocketFolder {
		short = filepath.Join("/tmp", filepath.Base(short))
	}
	return short, a.ownFolder(short)
}

// lockFolder takes the folder for this process; the kernel gives it back when the process ends.
func lockFolder(folder string) (*os.File, error) {
	file, err := os.OpenFile(filepath.Join(folder, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("database folder: %w", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		owner := lockOwner(file)
		file.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("%w: %s keeps %s; stop it, or choose another folder (--data-dir)", ErrServerInUse, owner, folder)
		}
		return nil, fmt.Errorf("database folder: %w", err)
	}
	err = file.Truncate(0)
	if err == nil {
		_, err = file.WriteAt([]byte(strconv.Itoa(os.Getpid())), 0)
	}
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("database folder: %w", err)
	}
	return file, nil
}
