package db

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// tetherScript waits for a word from the program. Told "done", it ends; told nothing, because
// the program was killed, it stops the server (SIGINT is PostgreSQL's fast shutdown) and
// removes the folders that were not to outlast it.
const tetherScript = `
read -r word
[ "$word" = done ] && exit
server=$1 running=$2
shift 2
kill -INT "$server" || exit
tries=600
while [ -e "$running" ] && [ $((tries -= 1)) -gt 0 ]; do sleep 0.1; done
[ $# -eq 0 ] || rm -rf "$@"
`

// tether stops the server when this process ends without having done so: a small shell
// that holds the other end of a pipe, which the kernel closes with the process.
type tether struct {
	pipe *os.File
	cmd  *exec.Cmd
}

func (s *Server) tie() (*tether, error) {
	args := []string{"-c", tetherScript, "vunglom-tether", strconv.Itoa(s.postmaster()), filepath.Join(s.data(), "postmaster.pid")}
	if s.options.Volatile {
		args = append(args, s.socket, s.folder)
	}
	read, write, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("tie the database to this process: %w", err)
	}
	cmd := exec.Command("/bin/sh", args...)
	cmd.Dir = "/"
	cmd.Stdin = read
	cmd.SysProcAttr = s.account.attributes()
	if err := cmd.Start(); err != nil {
		read.Close()
		write.Close()
		return nil, fmt.Errorf("tie the database to this process: %w", err)
	}
	read.Close()
	return &tether{pipe: write, cmd: cmd}, nil
}

// release lets the shell go; its end is no failure of anything that matters by then.
func (t *tether) release() {
	if t == nil {
		return
	}
	_, _ = t.pipe.WriteString("done\n")
	_ = t.pipe.Close()
	_ = t.cmd.Wait()
}
