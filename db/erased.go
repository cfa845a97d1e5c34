package db

import (
	"context"
	"crypto/sha256"
	"slices"
	"strings"
	"unicode"

	"github.com/jackc/pgx/v5"

	"vunglom/bundle"
)

// erased are the identities of a province that no bundle brings back. Nil: there are none.
type erased struct {
	key      *erasureKey
	province string
	known    map[[sha256.Size]byte]bool
}

// readErased reads them, and their key, which is not asked for where nothing is erased.
func (d *DB) readErased(ctx context.Context, tx pgx.Tx, province string) (*erased, error) {
	rows, err := tx.Query(ctx, importQuery("erased"), pgx.StrictNamedArgs{"province": province})
	if err != nil {
		return nil, err
	}
	known := map[[sha256.Size]byte]bool{}
	var household, address []byte
	_, err = pgx.ForEachRow(rows, []any{&household, &address}, func() error {
		known[[sha256.Size]byte(household)] = true
		if address != nil {
			known[[sha256.Size]byte(address)] = true
		}
		return nil
	})
	if err != nil || len(known) == 0 {
		return nil, err
	}
	key, err := d.openErasureKey(ctx, tx, false)
	return &erased{key, province, known}, err
}

// leavesOut tells whether a row of a bundle is about an erased household. A row about the address of one loses its label.
func (e *erased) leavesOut(t *bundle.Table, r *bundle.Row) bool {
	if e == nil {
		return false
	}
	value := func(column string) string { return r.Values[t.Index(column)].Text }
	switch t.Name {
	case "households":
		return e.known[e.key.household(e.province, value("code"))]
	case "visits", "adoptions":
		return e.known[e.key.household(e.province, value("household_code"))]
	case "addresses":
		if label := &r.Values[t.Index("label")]; label.Known && e.known[e.key.address(e.province, value("scheme"), value("code"))] {
			*label = bundle.Value{}
		}
	}
	return false
}

// veil takes out of a text what names an erased household, whatever stands beside it.
func (e *erased) veil(text string) string {
	if e == nil || text == "" {
		return text
	}
	for _, code := range append(likeCodes(text), text) {
		if e.known[e.key.household(e.province, code)] {
			text = strings.ReplaceAll(text, code, "…")
		}
	}
	return text
}

// Of a text the parts that can be a household's code and no word: so many letters, digits and signs, and a digit among them.
const leastCode, mostCode = 4, 64

// likeCodes are all such parts of a text, the longest first: from where no letter or digit goes before to where none follows, without a space.
func likeCodes(text string) (found []string) {
	part := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	for _, word := range strings.Fields(text) {
		runes := []rune(word)
		for i := range runes {
			if i > 0 && part(runes[i-1]) {
				continue
			}
			for j := i + leastCode; j <= min(len(runes), i+mostCode); j++ {
				if (j == len(runes) || !part(runes[j])) && slices.ContainsFunc(runes[i:j], unicode.IsDigit) {
					found = append(found, string(runes[i:j]))
				}
			}
		}
	}
	slices.SortStableFunc(found, func(a, b string) int { return len(b) - len(a) })
	return slices.Compact(found)
}

// namesHousehold tells whether a text names a household of the province by its code, one that there is or one that was erased: who
// is refused for it is not told which.
func (d *DB) namesHousehold(ctx context.Context, tx pgx.Tx, province, text string) (named bool, err error) {
	codes := likeCodes(text)
	if len(codes) == 0 {
		return false, nil
	}
	if err := tx.QueryRow(ctx, importQuery("household_named"), pgx.StrictNamedArgs{"province": province, "codes": codes}).Scan(&named); err != nil || named {
		return named, err
	}
	gone, err := d.readErased(ctx, tx, province)
	if err != nil || gone == nil {
		return false, err
	}
	return slices.ContainsFunc(codes, func(code string) bool { return gone.known[gone.key.household(province, code)] }), nil
}

// namedHousehold is the problem of words that name a household.
func namedHousehold(field string) WriteProblem {
	return WriteProblem{Code: "names_household", Field: field,
		SentenceVi: field + " nêu một mã hộ; hãy viết mà không có mã: khiếu nại đã nói về hộ hay địa chỉ nào",
		SentenceEn: field + " names a household by its code; write it without: the challenge says which household or address it is about"}
}
