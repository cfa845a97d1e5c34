package sync

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
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

// read returns the secret.
func (s Secret) read() (string, error) {
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

// Text is a text of the settings, or a secret that is elsewhere.
type Text struct {
	plain  string
	secret *Secret
}

// UnmarshalYAML reads a text, or where a secret is.
func (t *Text) UnmarshalYAML(node ast.Node) error {
	if _, is := node.(ast.ScalarNode); is {
		return yaml.NodeToValue(node, &t.plain)
	}
	t.secret = new(Secret)
	return t.secret.UnmarshalYAML(node)
}

// MarshalJSON writes a text, or where the secret is.
func (t Text) MarshalJSON() ([]byte, error) {
	if t.secret != nil {
		return json.Marshal(t.secret)
	}
	return json.Marshal(t.plain)
}

func (t Text) empty() bool { return t.secret == nil && t.plain == "" }

// veil knows the secrets of a run, and takes them out of whatever is told: a gateway may repeat what it was sent.
type veil struct{ secrets []string }

const veiled = "•••"

// know adds a secret, as it is and as it stands in addresses and in JSON.
func (v *veil) know(secret string) {
	inJSON, _ := json.Marshal(secret)
	for _, form := range []string{secret, url.QueryEscape(secret), strings.Trim(string(inJSON), `"`)} {
		if form != "" && !slices.Contains(v.secrets, form) {
			v.secrets = append(v.secrets, form)
		}
	}
	slices.SortFunc(v.secrets, func(a, b string) int { return len(b) - len(a) }) // one may hold another
}

// read reads a secret and knows it.
func (v *veil) read(s Secret) (string, error) {
	text, err := s.read()
	if err == nil {
		v.know(text)
	}
	return text, err
}

// text returns a text, which is known where it is secret.
func (v *veil) text(t Text) (string, error) {
	if t.secret == nil {
		return t.plain, nil
	}
	return v.read(*t.secret)
}

// mostTold is how many bytes of an error or of a line of the log are told.
const mostTold = 2000

// hide returns a text without the secrets, and without what could pass for another line of a log. It is cut only then: the half of a
// secret would not be known.
func (v *veil) hide(text string) string {
	for _, secret := range v.secrets {
		text = strings.ReplaceAll(text, secret, veiled)
	}
	return shortened(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, text), mostTold)
}

// hidden is an error of which no secret can be told.
type hidden struct {
	text string
	err  error
}

func (h *hidden) Error() string { return h.text }
func (h *hidden) Unwrap() error { return h.err }

// error returns an error without the secrets.
func (v *veil) error(err error) error {
	if err == nil {
		return nil
	}
	return &hidden{v.hide(err.Error()), err}
}
