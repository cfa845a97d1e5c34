package sync

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// readJSON reads one JSON value and nothing behind it.
func (e *envelope) readJSON(in *bufio.Reader, limited *stretch) error {
	d := json.NewDecoder(in)
	d.UseNumber()
	j := &jsonReader{e, d, limited}
	if err := j.value(nil); err != nil {
		if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
			return errors.New("bị cắt giữa chừng · it is cut off")
		}
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("có gì đó sau phần kết · something stands behind its end")
	}
	return nil
}

type jsonReader struct {
	*envelope
	d       *json.Decoder
	limited *stretch
}

// value reads the value at a path.
func (j *jsonReader) value(path []string) error {
	if here, _ := j.reaches(path); here {
		return j.list(path)
	}
	token, err := j.d.Token()
	if err != nil {
		return err
	}
	return j.outside(path, token)
}

// outside reads on from a token of a value that is none of the records.
func (j *jsonReader) outside(path []string, token json.Token) error {
	j.limited.reached()
	if len(path) > mostDeep {
		return fmt.Errorf("%[1]w: hơn %[2]d tầng · more than %[2]d deep", errOverLimit, mostDeep)
	}
	switch token {
	case json.Delim('{'):
		var names []string
		for j.d.More() {
			name, err := j.d.Token()
			if err != nil {
				return err
			}
			if len(names) < mostRemembered {
				names = append(names, name.(string))
			}
			if err := j.value(append(path, name.(string))); err != nil {
				return err
			}
		}
		j.holder(path, names)
	case json.Delim('['):
		for i := 0; j.d.More(); i++ {
			token, err := j.d.Token()
			if err == nil {
				err = j.outside(append(path, strconv.Itoa(i)), token)
			}
			if err != nil {
				return err
			}
		}
	default:
		j.remember(path, scalar(token))
		if token == nil || token == "" {
			j.holder(path, nil)
		}
		return nil
	}
	_, err := j.d.Token() // its end
	return err
}

// list reads the records: a list of them, one alone, or none.
func (j *jsonReader) list(path []string) error {
	if j.found {
		return errors.New("các bản ghi có ở hai chỗ · the records stand there twice")
	}
	token, err := j.d.Token()
	if err != nil {
		return err
	}
	switch token {
	case json.Delim('['):
		j.found = true
		for j.d.More() {
			var record any
			if err := j.d.Decode(&record); err != nil {
				return err
			}
			j.limited.reached()
			if err := j.record(record); err != nil {
				return err
			}
		}
		_, err = j.d.Token()
		return err
	case json.Delim('{'):
		j.found = true
		record := map[string]any{}
		for j.d.More() {
			name, err := j.d.Token()
			if err != nil {
				return err
			}
			var value any
			if err := j.d.Decode(&value); err != nil {
				return err
			}
			record[name.(string)] = value
		}
		if _, err := j.d.Token(); err != nil {
			return err
		}
		if len(path) == 0 { // a fault, or an envelope, has no path either
			j.rememberAll(nil, record)
		}
		if len(record) == 0 {
			return nil
		}
		return j.record(record)
	case nil, "":
		j.found = true
		return nil
	}
	j.remember(path, scalar(token))
	return nil
}

// rememberAll keeps the values of an object that may be an envelope.
func (e *envelope) rememberAll(path []string, value any) {
	switch value := value.(type) {
	case map[string]any:
		if len(path) < 4 {
			for name, inner := range value {
				e.remember(append(path, name), scalar(inner))
				e.rememberAll(append(path, name), inner)
			}
		}
	}
}

// scalar returns a text, a number or a truth as a text, and nothing of anything else.
func scalar(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case json.Number:
		return value.String()
	case bool:
		return strconv.FormatBool(value)
	}
	return ""
}
