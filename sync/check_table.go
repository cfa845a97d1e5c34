package sync

import (
	"slices"
	"strings"
	"time"

	"vunglom/auth"
	"vunglom/bundle"
)

func (s *Settings) checkAnswer(place at, source *Source) error {
	if err := s.checkSuccess(place.to("success"), source.Success); err != nil || source.Pages == nil {
		return err
	}
	p := source.Pages
	place = place.to("pages")
	if !slices.Contains([]string{"page", "offset", "cursor"}, p.By) {
		return s.wrong(place.to("by"), p.By, "một trong: page, offset, cursor", "one of: page, offset, cursor")
	}
	if p.Parameter == "" {
		return s.wrong(place.to("parameter"), "", "hãy ghi tên tham số của trang", "name the parameter of the page")
	}
	if (p.By == "cursor") != (p.Cursor != "") {
		return s.wrong(place.to("cursor"), p.Cursor, "đi cùng by: cursor: đường dẫn tới con trỏ trang sau trong câu trả lời", "goes with by: cursor: the path of the next page's cursor in an answer")
	}
	if p.First == nil {
		p.First = new(int)
		*p.First = 1
	}
	if *p.First < 0 {
		return s.wrong(place.to("first"), *p.First, "hãy ghi số của trang đầu, 0 hoặc hơn", "write the first page's number, 0 or more")
	}
	return amount(s, place.to("size"), &p.Size, 1000, 1_000_000)
}

func (s *Settings) checkTable(place at, source *Source) error {
	table := bundle.TableNamed(source.Table)
	if table == nil {
		var names []string
		for _, t := range bundle.Tables {
			names = append(names, t.Name)
		}
		return s.wrong(place.to("table"), source.Table, "một trong: "+strings.Join(names, ", "), "one of: "+strings.Join(names, ", "))
	}
	for _, name := range sortedKeys(source.Columns) {
		if err := s.checkColumn(place.to("columns", name), table, name, source.Columns[name]); err != nil {
			return err
		}
	}
	for _, c := range table.Columns {
		if c.Required && source.Columns[c.Name] == nil {
			return s.wrong(place.to("columns", c.Name), "", "bảng "+table.Name+" cần cột này; hãy ghi trường hoặc constant", "the table "+table.Name+" needs this column; name a field or a constant")
		}
	}
	if err := s.checkScope(place.to("scope"), table, source.Scope); err != nil {
		return err
	}
	return s.checkMeta(place.to("bundle"), source)
}

func (s *Settings) checkScope(place at, table *bundle.Table, scope *Scope) error {
	if scope == nil {
		return nil
	}
	if (scope.Field == "") != (len(scope.Codes) == 0) || scope.Field == "" && len(scope.Units) == 0 {
		return s.wrong(place, "", "cần field (trường có mã đơn vị) và codes (các mã được phép), hoặc units, hoặc cả hai", "needs field (that has the unit's code) and codes (that are allowed), or units, or both")
	}
	if len(scope.Units) > 0 && !slices.Contains([]string{"households", "visits", "adoptions"}, table.Name) {
		return s.wrong(place.to("units"), strings.Join(scope.Units, ", "), "chỉ cho households, visits, adoptions; hãy dùng field và codes", "is for households, visits and adoptions alone; use field and codes")
	}
	for i, text := range scope.Units {
		unit, err := auth.ReadUnit(text)
		if err != nil {
			return s.wrong(place.to("units", i), text, "hãy viết như PROVINCE:96, COMMUNE:32041, HAMLET:96/H-001", "write it as PROVINCE:96, COMMUNE:32041, HAMLET:96/H-001")
		}
		scope.units = append(scope.units, unit)
	}
	return nil
}

func (s *Settings) checkColumn(place at, table *bundle.Table, name string, c *Column) error {
	i := table.Index(name)
	if i < 0 {
		var names []string
		for _, c := range table.Columns {
			names = append(names, c.Name)
		}
		return s.wrong(place, name, "bảng "+table.Name+" không có cột này; các cột: "+strings.Join(names, ", "), "the table "+table.Name+" has no such column; its columns: "+strings.Join(names, ", "))
	}
	if c == nil || (c.Field == "") == (c.Constant == nil) {
		return s.wrong(place, "", "hãy ghi hoặc field, hoặc constant", "write either field or constant")
	}
	if c.Optional && table.Columns[i].Required {
		return s.wrong(place.to("optional"), c.Optional, "bảng "+table.Name+" cần cột này; hãy bỏ optional", "the table "+table.Name+" needs this column; take optional out")
	}
	kind := table.Columns[i].Type
	ways := 0
	for _, way := range []bool{c.Constant != nil, len(c.Date) > 0, c.Number != "", c.Codes != nil} {
		if way {
			ways++
		}
	}
	switch {
	case ways > 1:
		return s.wrong(place, "", "constant, date, number, codes: chỉ dùng một", "constant, date, number, codes: use one of them")
	case len(c.Date) > 0 && kind != bundle.Date:
		return s.wrong(place.to("date"), strings.Join(c.Date, ", "), name+" không phải ngày", name+" is no date")
	case c.Number != "" && kind != bundle.Number && kind != bundle.Integer:
		return s.wrong(place.to("number"), c.Number, name+" không phải số", name+" is no number")
	case c.Number != "" && c.Number != "local":
		return s.wrong(place.to("number"), c.Number, "hãy ghi local, hoặc bỏ đi", "write local, or take it out")
	}
	for _, way := range c.Date {
		if !knownDate(way) {
			return s.wrong(place.to("date"), way, "hãy viết như dd/MM/yyyy, \"yyyy-MM-ddTHH:mm:ss\", hoặc rfc3339, unix, unixMillis", "write it as dd/MM/yyyy, \"yyyy-MM-ddTHH:mm:ss\", or rfc3339, unix, unixMillis")
		}
	}
	return nil
}

func (s *Settings) checkMeta(place at, source *Source) error {
	m := &source.Bundle
	if m.Source == "" {
		m.Source = source.Name
	}
	if m.Province == "" {
		return s.wrong(place.to("province"), "", `hãy ghi mã tỉnh, như "96"`, `write the province's code, such as "96"`)
	}
	if _, err := time.Parse(time.DateOnly, m.AsOf); m.AsOf != "" && err != nil {
		return s.wrong(place.to("asOf"), m.AsOf, "hãy viết như 2025-07-01", "write it as 2025-07-01")
	}
	if m.SRID < 0 || m.SRID > 999999 {
		return s.wrong(place.to("srid"), m.SRID, "hãy ghi số EPSG, như 4326 hoặc 9207", "write the EPSG number, such as 4326 or 9207")
	}
	return nil
}
