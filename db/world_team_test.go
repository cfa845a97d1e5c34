package db_test

import (
	"hash/fnv"
	"strings"
)

// What addresses, members and visits say besides follows from their codes, so that it takes no luck from the rest of a world.

func luck(code string, of int) int {
	h := fnv.New32a()
	h.Write([]byte(code))
	return int(h.Sum32()>>8) % of
}

func (a *waddress) scheme() string {
	return []string{"local", "dia_chi_so"}[luck(a.code+"scheme", 2)]
}

// id is the address's identity.
func (a *waddress) id() string { return a.scheme() + "/" + a.code }

func (m wmember) role() string {
	return []string{"lead", "deputy", "member", "member"}[luck(m.code+"role", 4)]
}

func (m wmember) organization() string {
	return []string{"", "Đoàn Thanh niên", "Hội Phụ nữ"}[luck(m.code+"organization", 3)]
}

func (m wmember) trained() string {
	if luck(m.code+"trained", 3) == 0 {
		return ""
	}
	return parse(m.from).AddDate(0, luck(m.code+"when", 12), 0).Format("2006-01-02")
}

// topics may name one twice, and have spaces and nothing between its stops. Visits that guided nobody may say topics too.
func (v wvisit) topics() string {
	return []string{"", "vneid", "vneid;suc_khoe", "suc_khoe; vneid ;vneid", "mua_sam;;an_toan", ";", "an_toan"}[luck(v.code, 7)]
}

// topicList are the topics of a visit, each once.
func (v wvisit) topicList() map[string]bool {
	list := map[string]bool{}
	for _, topic := range strings.Split(v.topics(), ";") {
		if topic = strings.TrimSpace(topic); topic != "" {
			list[topic] = true
		}
	}
	return list
}

// told are the topics on which visits had guided a household by a day: of a team, or of any ("").
func (h *whousehold) told(day, team string) map[string]bool {
	told := map[string]bool{}
	for _, v := range h.visits {
		if v.outcome == "guided" && v.on <= day && (team == "" || v.team == team) {
			for topic := range v.topicList() {
				told[topic] = true
			}
		}
	}
	return told
}
