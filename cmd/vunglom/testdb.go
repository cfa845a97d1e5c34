package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"

	"vunglom/db"
)

// testdbCommand runs a command, such as go test, beside a database server that all its
// processes share and that is gone without a trace when the command ends.
type testdbCommand struct {
	Command []string `arg:"" passthrough:"" help:"The command and its arguments."`
}

// Run returns the command's exit code as its own.
func (c testdbCommand) Run(ctx context.Context, to *streams) (err error) {
	args := c.Command
	if args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		return errors.New("testdb: no command")
	}
	folder, err := os.MkdirTemp("", "vunglom-testdb-")
	if err != nil {
		return fmt.Errorf("testdb: %w", err)
	}
	server, err := db.StartServer(ctx, db.ServerOptions{Folder: folder, Volatile: true})
	if err != nil {
		return errors.Join(err, os.RemoveAll(folder))
	}
	defer func() {
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopGrace)
		defer cancel()
		err = errors.Join(err, server.Stop(stopping))
	}()

	// A group of its own lets one signal reach the command and all it has started.
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = stopGrace
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, to.out, to.err
	cmd.Env = append(os.Environ(), "VUNGLOM_TEST_DATABASE_URL="+server.URL())
	err = cmd.Run()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return exitCode(exitInterrupted)
	case errors.As(err, &exit) && exit.Exited():
		return exitCode(exit.ExitCode())
	case err != nil:
		return fmt.Errorf("testdb: %s: %w", args[0], err)
	}
	return nil
}
