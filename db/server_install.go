package db

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
)

// ErrPostGISMissing is returned, wrapped with the command that installs it, when no
// PostgreSQL with PostGIS is found on this machine.
var ErrPostGISMissing = errors.New("PostgreSQL with PostGIS is not installed")

// install is a PostgreSQL on this machine that has PostGIS.
type install struct {
	bin     string // the folder of initdb, pg_ctl and postgres
	version string // the major version: "15"
}

// findInstall returns the newest PostgreSQL that has PostGIS, or, for a folder that already
// holds data, the one of the version that wrote them.
func findInstall(version string) (install, error) {
	var found []install
	for _, bin := range binFolders() {
		in := install{bin: bin, version: majorVersion(bin)}
		if in.version != "" && hasPostGIS(bin) && (version == "" || in.version == version) {
			found = append(found, in)
		}
	}
	if len(found) == 0 && version != "" {
		return install{}, fmt.Errorf("%w in version %s, which wrote this folder's data; run: sudo apt-get install -y postgresql-%[2]s-postgis-3",
			ErrPostGISMissing, version)
	}
	if len(found) == 0 {
		return install{}, fmt.Errorf("%w; run: sudo apt-get install -y postgresql-15-postgis-3", ErrPostGISMissing)
	}
	sort.SliceStable(found, func(i, j int) bool {
		a, _ := strconv.Atoi(found[i].version)
		b, _ := strconv.Atoi(found[j].version)
		return a > b
	})
	return found[0], nil
}

func binFolders() []string {
	folders, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		folders = append(folders, strings.TrimSpace(string(out)))
	}
	return folders
}

// majorVersion asks postgres itself, so that a folder with pg_config but no server is passed over.
func majorVersion(bin string) string {
	for _, program := range []string{"initdb", "pg_ctl"} {
		if _, err := os.Stat(filepath.Join(bin, program)); err != nil {
			return ""
		}
	}
	out, err := exec.Command(filepath.Join(bin, "postgres"), "--version").Output() // postgres (PostgreSQL) 15.18 (…)
	if err != nil {
		return ""
	}
	words := strings.Fields(string(out))
	if len(words) < 3 {
		return ""
	}
	major, _, _ := strings.Cut(words[2], ".")
	return major
}

func hasPostGIS(bin string) bool {
	out, err := exec.Command(filepath.Join(bin, "pg_config"), "--sharedir").Output()
	share := strings.TrimSpace(string(out))
	if err != nil { // Debian ships pg_config apart, in libpq-dev
		share = filepath.Join("/usr/share/postgresql", filepath.Base(filepath.Dir(bin)))
	}
	_, err = os.Stat(filepath.Join(share, "extension", "postgis.control"))
	return err == nil
}

// dataVersion returns the major version that wrote a data folder, "" where there is none.
func dataVersion(data string) string {
	text, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}
