// Package settings reads the files in which a province says how its own things are, YAML or JSON, and words what is wrong in one.
package settings

import (
	"fmt"
	"os"

	"github.com/goccy/go-yaml"
)

// Read reads a file that an option of the command line names into a struct, every key of which a document describes. Its errors name
// the file, the line and what to do.
func Read(option, file, document string, into any) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("%s: %w; hãy cho tệp có thật, đọc được · give a file that exists and can be read", option, err)
	}
	if err := yaml.UnmarshalWithOptions(text, into, yaml.Strict()); err != nil {
		return fmt.Errorf("%s: không đúng cấu trúc; xem %[2]s · not as it should be; see %[2]s:\n%s", file, document, yaml.FormatError(err, false, false)) // without the file's lines, which might hold a secret in the wrong place
	}
	return nil
}

// Wrong says which key has a value that can't be, and what to do.
func Wrong(key string, value any, vi, en string) error {
	return fmt.Errorf("%s: %q: %s · %s", key, fmt.Sprint(value), vi, en)
}
