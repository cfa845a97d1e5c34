package sync

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// readXML reads one XML document. Elements are told by their names without the namespace; so <objects><object> is the path
// objects.object, as it is when the same data service answers in JSON.
func (e *envelope) readXML(in *bufio.Reader, limited *stretch) error {
	d := xml.NewDecoder(in)
	x := &xmlReader{e, d, limited}
	whole := false
	for {
		token, err := d.Token()
		switch {
		case err == io.EOF && whole:
			return nil
		case err == io.EOF:
			return errors.New("bị cắt giữa chừng · it is cut off")
		case err != nil:
			return readable(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if whole {
				return errors.New("có hai phần tử gốc · it has two root elements")
			}
			if strings.EqualFold(token.Name.Local, "html") {
				return errors.New("là một trang web, không phải dữ liệu · it is a web page, not data")
			}
			if err := x.element([]string{token.Name.Local}, token); err != nil {
				return readable(err)
			}
			whole = true
		case xml.CharData:
			if strings.TrimSpace(string(token)) != "" {
				return errors.New("có chữ ngoài phần tử gốc · text stands outside its root element")
			}
		case xml.Directive: // a web page says that it is one; entities are of no use and of some danger
			return errors.New("có khai báo <!…>: là một trang web, hoặc XML có thực thể · it has a declaration <!…>: a web page, or XML with entities")
		}
	}
}

// readable says what is wrong with XML, without what stands there.
func readable(err error) error {
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		if strings.Contains(syntax.Msg, "unexpected EOF") {
			return errors.New("bị cắt giữa chừng · it is cut off")
		}
		return fmt.Errorf("XML hỏng ở dòng %[1]d · broken XML at line %[1]d", syntax.Line)
	}
	return err
}

type xmlReader struct {
	*envelope
	d       *xml.Decoder
	limited *stretch
}

// element reads on from the beginning of an element that is none of the records, or is one.
func (x *xmlReader) element(path []string, start xml.StartElement) error {
	x.limited.reached()
	if here, _ := x.reaches(path); here {
		x.found = true
		record, err := x.content(start, 0)
		if err != nil {
			return err
		}
		if record == nil || record == "" { // <object xsi:nil="true"/>
			return nil
		}
		return x.record(record)
	}
	if len(path) > mostDeep {
		return fmt.Errorf("%[1]w: hơn %[2]d tầng · more than %[2]d deep", errOverLimit, mostDeep)
	}
	var names []string
	var text strings.Builder
	for {
		token, err := x.d.Token()
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.StartElement:
			if len(names) < mostRemembered {
				names = append(names, token.Name.Local)
			}
			if err := x.element(append(path, token.Name.Local), token); err != nil {
				return err
			}
		case xml.CharData:
			if len(names) == 0 {
				text.Write(token)
			}
		case xml.EndElement:
			if len(names) == 0 {
				x.remember(path, strings.TrimSpace(text.String()))
			}
			x.holder(path, names)
			return nil
		}
	}
}

// content reads an element of a record: its text, or a map of what is in it, where elements of one name are a list.
func (x *xmlReader) content(start xml.StartElement, deep int) (any, error) {
	if deep > mostDeep {
		return nil, fmt.Errorf("%[1]w: hơn %[2]d tầng · more than %[2]d deep", errOverLimit, mostDeep)
	}
	var fields map[string]any
	add := func(name string, value any) {
		if fields == nil {
			fields = map[string]any{}
		}
		switch there := fields[name].(type) {
		case nil:
			if _, known := fields[name]; known {
				fields[name] = []any{nil, value}
			} else {
				fields[name] = value
			}
		case []any:
			fields[name] = append(there, value)
		default:
			fields[name] = []any{there, value}
		}
	}
	isNil := false
	for _, a := range start.Attr {
		switch {
		case a.Name.Local == "nil" && strings.HasSuffix(a.Name.Space, "XMLSchema-instance"):
			isNil = a.Value == "true" || a.Value == "1"
		case a.Name.Space == "xmlns" || a.Name.Local == "xmlns":
		default:
			add("@"+a.Name.Local, a.Value)
		}
	}
	var text strings.Builder
	for {
		token, err := x.d.Token()
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			value, err := x.content(token, deep+1)
			if err != nil {
				return nil, err
			}
			add(token.Name.Local, value)
		case xml.CharData:
			text.Write(token)
		case xml.EndElement:
			switch {
			case isNil:
				return nil, nil
			case fields == nil:
				return text.String(), nil
			case strings.TrimSpace(text.String()) != "":
				add("#text", strings.TrimSpace(text.String()))
			}
			return fields, nil
		}
	}
}
