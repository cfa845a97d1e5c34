package synthetic

import (
	"math/rand/v2"
	"strconv"
)

// Names as hamlets of the province bear them, put together from their usual parts.
var (
	nameHead = []string{"Tân", "Rạch", "Kinh", "Vàm", "Cái", "Xóm", "Bàu", "Đường", "Lung", "Ông", "Bà", "Cây", "Đầm", "Hòa", "Phú", "Thuận", "An", "Vĩnh", "Mỹ", "Bình", "Khánh", "Hưng"}
	nameTail = map[string][]string{
		"Tân":   {"Lập", "Hòa", "Phong", "Trung", "Điền", "Hiệp", "Long", "Thành", "Quảng", "Hồng", "Lợi", "Ánh"},
		"Rạch":  {"Gốc", "Tàu", "Chèo", "Ráng", "Lùm", "Thọ", "Vọp", "Dừa", "Nhum", "Láng"},
		"Kinh":  {"Đứng", "Ngang", "Mới", "Ba", "Hòn", "Chùa", "Xáng", "Hãng", "Lớn", "Ranh"},
		"Vàm":   {"Đình", "Lũng", "Xáng", "Cái Đôi", "Hố", "Đầm", "Rạch Gốc"},
		"Cái":   {"Đôi", "Keo", "Ngay", "Nai", "Cám", "Rô", "Giếng", "Hàng", "Chim"},
		"Xóm":   {"Mới", "Lớn", "Rẫy", "Sở", "Lung", "Dừa", "Tắc"},
		"Bàu":   {"Sen", "Vũng", "Lá", "Chấu"},
		"Đường": {"Đào", "Cày", "Kéo", "Ranh"},
		"Lung":  {"Trường", "Vườn", "Dòng", "Tràm"},
		"Ông":   {"Muộn", "Do", "Tự", "Bích", "Như", "Chừng", "Khâm"},
		"Bà":    {"Điều", "Đặng", "Huê", "Bường", "Khuê"},
		"Cây":   {"Khô", "Trâm", "Gừa", "Dương", "Me", "Thơ"},
		"Đầm":   {"Thị Tường", "Cùng", "Chim", "Dơi"},
		"Hòa":   {"Hải", "Trung", "Đông", "Lập", "Thành"},
		"Phú":   {"Thành", "Hiệp", "Nhuận", "Quý", "Hưng"},
		"Thuận": {"Hòa", "Lợi", "Thành", "Tạo"},
		"An":    {"Phú", "Bình", "Khương", "Hòa", "Lộc"},
		"Vĩnh":  {"Thành", "Hòa", "Đông"},
		"Mỹ":    {"Đông", "Hưng", "Tân", "Bình"},
		"Bình":  {"Minh", "Hưng", "Thạnh", "Thành"},
		"Khánh": {"Hòa", "Tư", "Hưng", "Vân"},
		"Hưng":  {"Thành", "Lợi", "Phú", "Mỹ"},
	}
	nameEnd = []string{" A", " B", " 1", " 2", " Đông", " Tây"}
)

// namer gives the hamlets of one commune names that differ.
type namer struct {
	r        *rand.Rand
	numbered bool
	taken    map[string]bool
	number   int
}

func newNamer(seed uint64, commune int, urban bool) *namer {
	r := stream(seed, forHamlet, uint64(commune)+1<<32)
	return &namer{r: r, numbered: r.Float64() < 0.25 || urban && r.Float64() < 0.8, taken: map[string]bool{}}
}

// next returns the next name, without its kind.
func (n *namer) next() string {
	n.number++
	if n.numbered {
		return strconv.Itoa(n.number)
	}
	for try := 0; ; try++ {
		head := nameHead[n.r.IntN(len(nameHead))]
		tails := nameTail[head]
		name := head + " " + tails[n.r.IntN(len(tails))]
		if try > 20 || n.r.Float64() < 0.15 {
			name += nameEnd[n.r.IntN(len(nameEnd))]
		}
		if try > 200 {
			name += " " + strconv.Itoa(n.number)
		}
		if !n.taken[name] {
			n.taken[name] = true
			return name
		}
	}
}
