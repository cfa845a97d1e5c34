package db

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"vunglom/bundle"
)

// named are what a field refers to, as people say it.
var named = map[string]string{
	"householdCode": "hộ", "teamCode": "tổ", "serviceCode": "dịch vụ", "addressCode": "địa chỉ", "communeCode": "xã", "hamletCode": "ấp, khóm", "unitCode": "đơn vị", "code": "hộ",
}

// earlierRow is where an import's sentence names the row that is kept, by its line.
var earlierRow = regexp.MustCompile(`(?s)^(.*) stands already in .* line (\d+), which`)

// sentProblem is a problem of an import in the API's words.
func sentProblem(t *bundle.Table, p bundle.Problem) WriteProblem {
	said := [][2]string{{" to the bundle", " first"}, {", or add that unit to units", ", or have that unit imported first"}, {"every row of " + t.Name, "every item"},
		{"the number and the bundle's srid (EPSG:4326)", "the numbers, degrees of WGS 84"}, {"save the file as UTF-8", "send it as UTF-8"}}
	for i := range t.Columns {
		said = append(said, [2]string{t.Columns[i].Name, fieldOf(t.Columns[i].Name)})
	}
	if p.Value != "" { // it stands as it was sent, whatever it reads like
		for _, value := range []string{p.Value, " " + p.Value, strconv.Quote(p.Value)} {
			said = append(said, [2]string{value, value})
		}
	}
	// Of several that begin at one place the first is taken: the longest, and of equal ones the value.
	slices.Reverse(said)
	slices.SortStableFunc(said, func(a, b [2]string) int { return len(b[0]) - len(a[0]) })
	var pairs []string
	for _, s := range said {
		pairs = append(pairs, s[0], s[1])
	}
	sentence := strings.NewReplacer(pairs...).Replace(p.Message)
	if at := earlierRow.FindStringSubmatchIndex(sentence); at != nil && p.Code == "duplicate" {
		line, _ := strconv.Atoi(sentence[at[4]:at[5]]) // digits
		sentence = fmt.Sprintf("%s stands already in item %d (counted from 0), which%s", sentence[:at[3]], line-1, sentence[at[1]:])
	}
	return WriteProblem{Code: p.Code, Field: fieldOf(p.Column), Value: p.Value, Kept: p.Kept, SentenceVi: writeSentence(t, p), SentenceEn: sentence}
}

// writeSentence says in Vietnamese what is wrong with an item and what to do; the import's own words are English.
func writeSentence(t *bundle.Table, p bundle.Problem) string {
	field := fieldOf(p.Column)
	say, known := sentences[p.Code]
	if !known {
		return fmt.Sprintf("%s %q không dùng được (%s)", field, p.Value, p.Code)
	}
	return say(t, field, p)
}

var sentences = map[string]func(t *bundle.Table, field string, p bundle.Problem) string{
	"required": func(_ *bundle.Table, field string, _ bundle.Problem) string {
		return fmt.Sprintf("thiếu %s; hãy ghi vào", field)
	},
	"bad_date": func(_ *bundle.Table, field string, p bundle.Problem) string {
		return fmt.Sprintf("%s là %q, không phải một ngày; hãy viết như 2024-08-31", field, p.Value)
	},
	"bad_number": func(_ *bundle.Table, field string, p bundle.Problem) string {
		return fmt.Sprintf("%s là %q, không phải một số; hãy viết như 1729 hay 75.4", field, p.Value)
	},
	"out_of_range": func(t *bundle.Table, field string, p bundle.Problem) string {
		if i := t.Index(p.Column); i >= 0 && t.Columns[i].Max == 1 {
			return fmt.Sprintf("%s là %s; tỷ lệ phải từ 0 đến 1, 75,4 %% viết là 0.754; hãy sửa số ấy", field, p.Value)
		}
		return fmt.Sprintf("%s là %s, ngoài khoảng cho phép; hãy sửa số ấy", field, p.Value)
	},
	"bad_value": func(t *bundle.Table, field string, p bundle.Problem) string {
		if i := t.Index(p.Column); i >= 0 && t.Columns[i].Values != nil {
			return fmt.Sprintf("%s là %q; hãy viết một trong: %s", field, p.Value, strings.Join(t.Columns[i].Values, ", "))
		}
		return fmt.Sprintf("%s là %q, quá dài hoặc có ký tự điều khiển; hãy viết lại", field, p.Value)
	},
	"bad_encoding": func(_ *bundle.Table, field string, _ bundle.Problem) string {
		return fmt.Sprintf("%s không phải UTF-8; hãy gửi bằng UTF-8", field)
	},
	"bad_range": func(_ *bundle.Table, field string, p bundle.Problem) string {
		return fmt.Sprintf("%s %s không sau ngày bắt đầu; hãy sửa một trong hai ngày", field, p.Value)
	},
	"duplicate": func(_ *bundle.Table, _ string, p bundle.Problem) string {
		return fmt.Sprintf("%s đã có trong một mục trước của lần gửi này, mục ấy được giữ; hãy bỏ hoặc sửa một trong hai", p.Value)
	},
	"reference": func(_ *bundle.Table, field string, p bundle.Problem) string {
		what := named[field]
		if what == "" {
			what = field
		}
		return fmt.Sprintf("không có %s nào mã %q vào ngày của mục này; hãy sửa mã, hoặc thêm vào trước", what, p.Value)
	},
	"swapped_axes": func(_ *bundle.Table, _ string, p bundle.Problem) string {
		return fmt.Sprintf("toạ độ %s nằm ngoài Việt Nam vì đổi chỗ kinh độ và vĩ độ; kinh độ vào lon, vĩ độ vào lat", p.Value)
	},
	"outside_vietnam": func(_ *bundle.Table, _ string, p bundle.Problem) string {
		return fmt.Sprintf("toạ độ %s nằm ngoài Việt Nam (kinh độ 102–118, vĩ độ 6–24); hãy sửa", p.Value)
	},
	"gone": func(_ *bundle.Table, _ string, p bundle.Problem) string {
		return fmt.Sprintf("hộ mã %q đã được xóa hẳn khỏi dữ liệu; hãy đăng ký bằng mã khác", p.Value)
	},
	"out_of_scope": func(_ *bundle.Table, field string, p bundle.Problem) string {
		return fmt.Sprintf("%s %q nằm ngoài phạm vi của tài khoản này; hãy dùng mã hoặc đơn vị trong phạm vi", field, p.Value)
	},
	"name_for_code": func(_ *bundle.Table, field string, p bundle.Problem) string {
		return fmt.Sprintf("%s %q là tên, đã hiểu là mã của đơn vị duy nhất có tên ấy", field, p.Value)
	},
	"declared_elsewhere": func(_ *bundle.Table, field string, p bundle.Problem) string {
		return fmt.Sprintf("điểm không nằm trong %s %q đã khai; nơi điểm nằm được tính; hãy sửa mã hoặc điểm", field, p.Value)
	},
	"in_no_polygon": func(_ *bundle.Table, _ string, p bundle.Problem) string {
		return fmt.Sprintf("điểm %s không nằm trong xã nào; chưa tính vào đơn vị nào cho đến khi điểm hoặc ranh giới được sửa", p.Value)
	},
	"no_address": func(_ *bundle.Table, _ string, p bundle.Problem) string {
		return fmt.Sprintf("hộ %q không có địa chỉ; tính vào đơn vị mà hộ khai, nếu có", p.Value)
	},
	"adopted_before_visit": func(_ *bundle.Table, _ string, p bundle.Problem) string {
		return fmt.Sprintf("hộ dùng dịch vụ từ %s, trước mọi lượt đến; hãy xem lại ngày", p.Value)
	},
	"nfd":       repaired("được đổi sang NFC"),
	"eth":       repaired("có Ð (U+00D0) thay cho Đ, đã sửa"),
	"lookalike": repaired("có ký tự giống chữ Việt, đã sửa"),
	"spaces":    repaired("có dấu cách thừa, đã bỏ"),
}

func repaired(how string) func(*bundle.Table, string, bundle.Problem) string {
	return func(_ *bundle.Table, field string, p bundle.Problem) string {
		return fmt.Sprintf("%s %q %s", field, p.Value, how)
	}
}
