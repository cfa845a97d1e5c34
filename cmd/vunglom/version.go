package main

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
)

type versionCommand struct{}

// Run prints the version of the module and the commit the program was built from.
func (versionCommand) Run(to *streams) error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	return writeVersion(to.out, info)
}

// programVersion is the module's version alone, "" where the program was built without one.
func programVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Version
	}
	return ""
}

func writeVersion(w io.Writer, info *debug.BuildInfo) error {
	version, commit := info.Main.Version, ""
	if version == "" {
		version = "(devel)"
	}
	for _, setting := range info.Settings {
		switch {
		case setting.Key == "vcs.revision":
			commit = " " + setting.Value + commit
		case setting.Key == "vcs.modified" && setting.Value == "true":
			commit += " (modified)"
		}
	}
	_, err := fmt.Fprintf(w, "vunglom %s%s %s %s/%s\n", version, commit, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
