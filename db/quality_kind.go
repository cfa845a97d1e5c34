package db

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// defect is a kind of defect, in words. What it is exactly, its statement says: query/quality_KIND.sql.
type defect struct {
	kind string
	// persons: its cases are addresses, or people and what they did.
	persons bool
	// of is what is counted, as a sentence says it after two numbers: "12 trong 300 địa chỉ …".
	vi, en string
	// about says one case, from its identity and the facts that the statement answers ("": not known).
	about func(identity string, f []string) words
}

// check writes a check's sentence.
func (d *defect) check(count, outOf, months int) words {
	n, all, m := whole(count), whole(outOf), whole(months)
	return words{
		fmt.Sprintf("%s trong %s %s.", n.vi, all.vi, strings.ReplaceAll(d.vi, "{months}", m.vi)),
		fmt.Sprintf("%s of %s %s.", n.en, all.en, strings.ReplaceAll(d.en, "{months}", m.en)),
	}
}

// said fills the same values into both languages.
func said(vi, en string, values ...any) words {
	return words{fmt.Sprintf(vi, values...), fmt.Sprintf(en, values...)}
}

// on writes a stored day (YYYY-MM-DD; "": not known) in both languages.
func on(day string) words {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return words{"(không rõ)", "(unknown)"}
	}
	return dateWords(t)
}

// decimal writes a stored number, with at most four decimals, as each language does.
func decimal(text string) words {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return words{text, text}
	}
	return number(v, 4)
}

// until writes the stored day on which something ended ("": it has not) in both languages.
func until(day string) words {
	if day == "" {
		return words{"đến nay", "until now"}
	}
	d := on(day)
	return words{"đến " + d.vi, "until " + d.en}
}

// declares writes what a row declares.
func declares(hamlet, commune string) words {
	switch {
	case hamlet != "":
		return words{"khai ấp mã " + hamlet, "declares hamlet " + hamlet}
	case commune != "":
		return words{"khai xã mã " + commune, "declares commune " + commune}
	}
	return words{"không khai xã hay ấp nào", "declares no unit"}
}

var teamKinds = map[string]words{
	"cnscd":    {"tổ công nghệ số cộng đồng", "community digital technology team"},
	"de_an_06": {"tổ công tác Đề án 06", "Đề án 06 task force"},
}

func team(kind string) words {
	if w, known := teamKinds[kind]; known {
		return w
	}
	return words{"tổ", "team"}
}

// challengeKinds are what is disputed, in words.
var challengeKinds = map[string]words{
	string(NotAHouse):        {"không phải nhà", "not a house"},
	string(NobodyLivesThere): {"không có ai ở", "nobody lives there"},
	string(WrongPlace):       {"sai vị trí", "wrong place"},
	string(AlreadyGuided):    {"đã được hướng dẫn", "already guided"},
	string(Duplicate):        {"trùng", "duplicate"},
}

// disputed writes a challenge: what it is about, when it was opened, and what became of it.
func disputed(id string, f []string, status words) words {
	kind, opened, about := challengeKinds[f[0]], on(f[3]), words{"địa chỉ " + f[1], "address " + f[1]}
	if f[1] == "" {
		about = words{"hộ " + f[2], "household " + f[2]}
	}
	if f[4] != "" {
		day := on(f[4])
		status.vi, status.en = status.vi+" ngày "+day.vi, status.en+" on "+day.en
	}
	return words{
		fmt.Sprintf("Khiếu nại số %s (%s) về %s, mở ngày %s, %s.", id, kind.vi, about.vi, opened.vi, status.vi),
		fmt.Sprintf("Challenge %s (%s) about %s, opened on %s, %s.", id, kind.en, about.en, opened.en, status.en),
	}
}

// defects are all kinds, in the order in which they are answered.
var defects = []*defect{
	{kind: "in_no_polygon", persons: true, vi: "địa chỉ không nằm trong xã nào", en: "addresses lie in no commune",
		about: func(id string, f []string) words {
			d := declares(f[1], f[0])
			return words{"Địa chỉ " + id + " không nằm trong xã nào; nó " + d.vi + ".", "Address " + id + " lies in no commune; it " + d.en + "."}
		}},
	{kind: "declared_commune_elsewhere", persons: true, vi: "địa chỉ có khai xã và nằm trong một xã lại nằm ở xã khác", en: "addresses that declare a commune and lie in one lie in another",
		about: func(id string, f []string) words {
			return said("Địa chỉ %s khai xã mã %s nhưng nằm ở %s (%s).", "Address %s declares commune %s but lies in %s (%s).", id, f[0], f[1], f[2])
		}},
	{kind: "declared_hamlet_elsewhere", persons: true, vi: "địa chỉ có khai ấp và nằm trong một ấp lại nằm ở ấp khác", en: "addresses that declare a hamlet and lie in one lie in another",
		about: func(id string, f []string) words {
			return said("Địa chỉ %s khai ấp mã %s nhưng nằm ở %s (%s).", "Address %s declares hamlet %s but lies in %s (%s).", id, f[0], f[1], f[2])
		}},
	{kind: "no_address", persons: true, vi: "hộ trong sổ đăng ký không có địa chỉ", en: "households on the register have no address",
		about: func(id string, f []string) words {
			d := declares(f[0], f[1])
			return words{"Hộ " + id + " không có địa chỉ; hộ " + d.vi + ".", "Household " + id + " has no address; it " + d.en + "."}
		}},
	{kind: "declared_unit_ended", persons: true, vi: "hộ không có địa chỉ mà chỉ khai đơn vị lại khai đơn vị đã thôi hiệu lực và không có đơn vị cùng cấp kế tục",
		en: "households without an address that declare a unit declare one that has ended without a successor of its level",
		about: func(id string, f []string) words {
			d := on(f[2])
			return words{fmt.Sprintf("Hộ %s khai %s (%s), đơn vị đã thôi hiệu lực từ %s mà không có đơn vị cùng cấp kế tục.", id, f[0], f[1], d.vi),
				fmt.Sprintf("Household %s declares %s (%s), which ended on %s without a successor of its level.", id, f[0], f[1], d.en)}
		}},
	{kind: "unregistered", persons: true, vi: "địa chỉ hộ gia đình chưa có hộ nào trong sổ đăng ký", en: "household addresses have nobody on the register",
		about: func(id string, _ []string) words {
			return said("Địa chỉ %s chưa có hộ nào trong sổ đăng ký.", "Address %s has no household on the register.", id)
		}},
	{kind: "overlap", vi: "đơn vị có ranh giới: số cặp cùng cấp chồng lên nhau ít nhất 100 m²", en: "units with a polygon: pairs of one level that overlap by at least 100 m²",
		about: func(_ string, f []string) words {
			km2 := decimal(f[4])
			return words{fmt.Sprintf("%s (%s) và %s (%s) chồng lên nhau %s km².", f[0], f[1], f[2], f[3], km2.vi),
				fmt.Sprintf("%s (%s) and %s (%s) overlap by %s km².", f[0], f[1], f[2], f[3], km2.en)}
		}},
	{kind: "hole", vi: "đơn vị có ranh giới và có đơn vị con có ranh giới bị các đơn vị con để hở ít nhất 100 m²", en: "units drawn together with their parts have at least 100 m² that no part covers",
		about: func(_ string, f []string) words {
			children := map[string]words{"district": {"huyện", "districts"}, "commune": {"xã", "communes"}, "hamlet": {"ấp", "hamlets"}}[f[2]]
			km2 := decimal(f[3])
			return words{fmt.Sprintf("Các %s của %s (%s) để hở %s km².", children.vi, f[0], f[1], km2.vi),
				fmt.Sprintf("The %s of %s (%s) leave %s km² uncovered.", children.en, f[0], f[1], km2.en)}
		}},
	{kind: "same_name", vi: "ấp trùng tên (không kể dấu, chữ hoa) với ấp khác cùng xã", en: "hamlets have the name of another in their commune but for marks and case",
		about: func(_ string, f []string) words {
			return said("%[1]s (%[2]s) trùng tên với ấp khác cùng xã, không kể dấu: %[3]s.", "%[1]s (%[2]s) has the name of another hamlet of its commune but for marks: %[3]s.", f[0], f[1], f[2])
		}},
	{kind: "report_share_above_1", vi: "tỷ lệ đã công bố lớn hơn 1", en: "published shares are above 1",
		about: func(_ string, f []string) words {
			d, share := on(f[2]), decimal(f[3])
			return words{fmt.Sprintf("%s của %s tính đến %s có tỷ lệ %s.", f[0], f[1], d.vi, share.vi), fmt.Sprintf("%s of %s as of %s has a share of %s.", f[0], f[1], d.en, share.en)}
		}},
	{kind: "uptake_above_1", vi: "tỷ lệ hộ dùng dịch vụ của một đơn vị lớn hơn 1", en: "shares of households of a unit that use a service are above 1",
		about: func(_ string, f []string) words {
			return words{fmt.Sprintf("%s: %s có %s hộ dùng, trong %s hộ có thể hướng dẫn.", f[0], f[1], f[3], f[4]),
				fmt.Sprintf("%s: %s is used by %s households, of %s that can be guided.", f[0], f[2], f[3], f[4])}
		}},
	{kind: "stale_report", vi: "số liệu công bố mới nhất đã cũ từ {months} tháng trở lên", en: "latest published figures are {months} months old or older",
		about: func(_ string, f []string) words {
			d := on(f[2])
			return words{fmt.Sprintf("%s của %s mới nhất là tính đến %s.", f[0], f[1], d.vi), fmt.Sprintf("The latest %s of %s is as of %s.", f[0], f[1], d.en)}
		}},
	{kind: "stale_dataset", vi: "bộ dữ liệu của tỉnh đã cũ từ {months} tháng trở lên", en: "provinces' datasets are {months} months old or older",
		about: func(id string, f []string) words {
			d := on(f[0])
			return words{fmt.Sprintf("Dữ liệu của tỉnh %s tính đến %s.", id, d.vi), fmt.Sprintf("The data of province %s are as of %s.", id, d.en)}
		}},
	{kind: "team_without_base", vi: "tổ đang hoạt động không rõ đặt ở đâu", en: "active teams are based nobody knows where",
		about: func(id string, f []string) words {
			k := team(f[1])
			return words{fmt.Sprintf("%s (%s, mã %s) không có vị trí, và đơn vị của tổ không có ranh giới.", capital(f[0]), k.vi, id),
				fmt.Sprintf("%s (%s, code %s) has no position, and its unit has no polygon.", capital(f[0]), k.en, id)}
		}},
	{kind: "team_without_members", vi: "tổ đang hoạt động không có thành viên", en: "active teams have no members",
		about: func(id string, f []string) words {
			k := team(f[1])
			return words{fmt.Sprintf("%s (%s, mã %s) không có thành viên nào.", capital(f[0]), k.vi, id), fmt.Sprintf("%s (%s, code %s) has no members.", capital(f[0]), k.en, id)}
		}},
	{kind: "member_of_inactive_team", persons: true, vi: "thành viên thuộc tổ không hoạt động", en: "members are of a team that is not active",
		about: func(id string, f []string) words {
			from, to := on(f[1]), until(f[2])
			return words{fmt.Sprintf("Thành viên %s thuộc tổ %s, hoạt động từ %s %s.", id, f[0], from.vi, to.vi),
				fmt.Sprintf("Member %s is of team %s, active from %s %s.", id, f[0], from.en, to.en)}
		}},
	{kind: "adopted_before_visit", persons: true, vi: "lượt dùng dịch vụ bắt đầu trước mọi lần đến thăm", en: "adoptions of a service came before any visit",
		about: func(_ string, f []string) words {
			d := on(f[2])
			return words{fmt.Sprintf("Hộ %s dùng %s từ %s, trước mọi lần đến thăm.", f[0], f[1], d.vi), fmt.Sprintf("Household %s took %s up on %s, before any visit.", f[0], f[1], d.en)}
		}},
	{kind: "visit_by_inactive_team", persons: true, vi: "lượt đến thăm do tổ không hoạt động vào ngày đó", en: "visits were by a team that was not active that day",
		about: func(id string, f []string) words {
			d, from, to := on(f[1]), until(f[2]), on(f[3])
			return words{fmt.Sprintf("Lượt %s ngày %s do tổ %s, hoạt động từ %s %s.", id, d.vi, f[0], from.vi, to.vi),
				fmt.Sprintf("Visit %s on %s was by team %s, active from %s %s.", id, d.en, f[0], from.en, to.en)}
		}},
	{kind: "visit_off_register", persons: true, vi: "lượt đến thăm hộ không có trong sổ đăng ký vào ngày đó", en: "visits were to a household that was not on the register that day",
		about: func(id string, f []string) words {
			d, from, to := on(f[1]), until(f[2]), on(f[3])
			return words{fmt.Sprintf("Lượt %s ngày %s đến hộ %s, hộ trong sổ đăng ký từ %s %s.", id, d.vi, f[0], from.vi, to.vi),
				fmt.Sprintf("Visit %s on %s was to household %s, on the register from %s %s.", id, d.en, f[0], from.en, to.en)}
		}},
	{kind: "challenge_open", persons: true, vi: "khiếu nại về địa chỉ và hộ chưa được giải quyết", en: "challenges about addresses and households have not been resolved",
		about: func(id string, f []string) words {
			return disputed(id, f, words{"chưa được giải quyết", "has not been resolved"})
		}},
	{kind: "challenge_accepted", persons: true, vi: "khiếu nại đã giải quyết được chấp nhận: dữ liệu đã sai", en: "resolved challenges were accepted: the data had been wrong",
		about: func(id string, f []string) words {
			return disputed(id, f, words{"được chấp nhận", "was accepted"})
		}},
	{kind: "challenge_rejected", persons: true, vi: "khiếu nại đã giải quyết bị bác bỏ", en: "resolved challenges were rejected",
		about: func(id string, f []string) words { return disputed(id, f, words{"bị bác bỏ", "was rejected"}) }},
}

// QualityKinds lists the kinds of defects, in the order in which they are answered.
func QualityKinds() []string {
	kinds := make([]string, len(defects))
	for i, d := range defects {
		kinds[i] = d.kind
	}
	return kinds
}

// QualityOfPersons tells whether the cases of a kind are addresses, or people and what they did: rows of persons. So is a kind
// that there is not.
func QualityOfPersons(kind string) bool {
	d := defectOf(kind)
	return d == nil || d.persons
}

// defectOf returns the kind of that name; nil: there is none.
func defectOf(kind string) *defect {
	for _, d := range defects {
		if d.kind == kind {
			return d
		}
	}
	return nil
}
