// Package outbound is what the program needs to ask or tell other systems: secrets that stand elsewhere, certificates, addresses that a
// secret may be sent to, and when to try again. Package sync asks with it, package hook tells.
package outbound

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// Secret is where a secret is: never in the settings themselves, never on the command line.
type Secret struct {
	Env  string `yaml:"env"`  // the name of an environment variable
	File string `yaml:"file"` // a file; white space at its end is none of the secret

	line int
}

// UnmarshalYAML reads where the secret is. What stands there instead is not shown.
func (s *Secret) UnmarshalYAML(node ast.Node) error {
	type plain Secret
	s.line = node.GetToken().Position.Line
	if yaml.NodeToValue(node, (*plain)(s), yaml.Strict()) != nil || (s.Env == "") == (s.File == "") {
		return secretError(s.line)
	}
	return nil
}

func secretError(line int) error {
	return fmt.Errorf("[%d] bí mật không ghi thẳng vào tệp; hãy ghi {env: TÊN_BIẾN} hoặc {file: ĐƯỜNG_DẪN} · a secret is not written here; write {env: VARIABLE} or {file: PATH}", line)
}

// Read returns the secret.
func (s Secret) Read() (string, error) {
	text, where := "", "env: "+s.Env
	if s.File != "" {
		where = "file: " + s.File
		content, err := os.ReadFile(s.File)
		if err != nil {
			return "", fmt.Errorf("%d: %s: không đọc được bí mật: %w; hãy cho tệp đọc được · the secret can't be read; give a file that can be", s.line, where, errors.Unwrap(err))
		}
		text = strings.TrimRight(string(content), " \t\r\n")
	} else {
		text = os.Getenv(s.Env)
	}
	if text == "" || strings.ContainsAny(text, "\r\n\x00") {
		return "", fmt.Errorf("%d: %s: bí mật trống hoặc có nhiều dòng; hãy đặt giá trị một dòng · the secret is empty or has several lines; set it to one line", s.line, where)
	}
	return text, nil
}
