package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"vunglom/db"
	"vunglom/gis/divide"
)

type deriveHamletsCommand struct {
	Province string  `required:"" env:"VUNGLOM_PROVINCE" placeholder:"CODE" help:"Mã tỉnh. · The province's code, such as 96."`
	AsOf     string  `name:"as-of" env:"VUNGLOM_AS_OF" placeholder:"DATE" help:"Vẽ ấp, khóm của ngày ấy; để trống: hôm nay. · Draw the hamlets of that day; empty: today."`
	Reach    float64 `env:"VUNGLOM_REACH" default:"0" placeholder:"METRES" help:"Ranh giới theo địa chỉ lệch không quá bằng ấy mét, và để lộ chỗ của nó; xa hơn là mâu thuẫn. · A border follows an address that far on its wrong side, and so tells where it is; one further off is a conflict."`
	Exclave  float64 `env:"VUNGLOM_EXCLAVE" default:"0.2" placeholder:"SHARE" help:"Mảnh rời được giữ khi có ít nhất phần ấy địa chỉ của ấp; ít hơn là mâu thuẫn. · A piece apart stays where it has that share of the hamlet's addresses; with fewer they are conflicts."`
	DryRun   bool    `name:"dry-run" env:"VUNGLOM_DRY_RUN" help:"Làm thử, không giữ lại gì. · Do everything, keep nothing."`
	Report   string  `name:"report" env:"VUNGLOM_REPORT" placeholder:"FILE" help:"Ghi báo cáo JSON vào tệp. · Write the report there, as JSON."`
}

// Run draws the hamlets that nobody has drawn and prints how.
func (c deriveHamletsCommand) Run(ctx context.Context, settings *Settings, to *streams) (err error) {
	options := db.DeriveOptions{Province: c.Province, DryRun: c.DryRun, Rule: divide.Options{ReachMetres: c.Reach, LeastShare: c.Exclave}}
	if c.AsOf != "" {
		if options.Day, err = time.Parse(time.DateOnly, c.AsOf); err != nil {
			return fmt.Errorf("--as-of %q: viết như · write it as 2024-09-30", c.AsOf)
		}
	}
	if err := canWrite(c.Report); err != nil {
		return fmt.Errorf("--report: %w", err)
	}
	st, err := settings.openStore(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.close(ctx)) }()
	step, finish := newProgress(to.err)
	options.Step = step
	report, err := st.DeriveHamlets(ctx, options)
	finish()
	if err != nil {
		return err
	}
	writeDerived(to.out, report)
	if c.Report != "" {
		return writeWhole(c.Report, report.WriteJSON)
	}
	return nil
}

// writeDerived prints what was drawn, and the conflicts that are furthest from their hamlet.
func writeDerived(w io.Writer, r *db.DeriveReport) {
	fmt.Fprintf(w, "Ấp, khóm ngày · Hamlets of %s: %d đã có ranh giới · drawn before, %d suy từ địa chỉ · derived, %d chưa vẽ được · undrawn\n",
		r.Day, r.Drawn, r.Derived, len(r.Undrawn))
	for i, h := range r.Undrawn {
		if i == shownOfEach {
			fmt.Fprintf(w, "  … và %d nữa, xem --report · and %[1]d more, see --report\n", len(r.Undrawn)-i)
			break
		}
		fmt.Fprintf(w, "  %s %s: %s\n", h.Code, h.Name, undrawnSays[h.Reason])
	}
	fmt.Fprintf(w, "Địa chỉ khai · Addresses that declare one: %d; %d nằm trong ấp mình khai · lie in it, %d mâu thuẫn · are conflicts\n",
		r.Declaring, r.Support, len(r.Conflicts))
	furthest := slices.Clone(r.Conflicts)
	slices.SortStableFunc(furthest, func(a, b db.HamletConflict) int { return cmp.Compare(far(b), far(a)) })
	for i, c := range furthest {
		if i == shownOfEach {
			fmt.Fprintf(w, "  … và %d nữa, xem --report · and %[1]d more, see --report\n", len(furthest)-i)
			break
		}
		lies := "không ở ấp nào · lies in no hamlet"
		if c.LiesIn != "" {
			lies = "ở · lies in " + c.LiesIn + " " + c.LiesName
		}
		away := ""
		if c.Metres != nil {
			away = fmt.Sprintf(", %.0f m", *c.Metres)
		}
		fmt.Fprintf(w, "  %s %s: khai · declares %s, %s%s\n", c.Scheme, c.Code, c.Declares, lies, away)
	}
	switch {
	case r.DryRun:
		fmt.Fprintln(w, "\nChạy thử, không giữ lại gì · A dry run: nothing was kept")
	case r.Changed == 0:
		fmt.Fprintf(w, "\nKhông có gì đổi · Nothing changed: %s\n", r.Snapshot)
	default:
		fmt.Fprintf(w, "\nẢnh chụp · Snapshot %s\n", r.Snapshot)
	}
}

func far(c db.HamletConflict) float64 {
	if c.Metres == nil {
		return math.Inf(-1)
	}
	return *c.Metres
}

var undrawnSays = map[string]string{
	db.UndrawnNoAddress: "chưa đến 5 địa chỉ khai nó và nằm cùng nhau · fewer than 5 addresses declare it and lie together",
	db.UndrawnNoCommune: "xã của nó chưa có ranh giới · its commune has no polygon",
	db.UndrawnNoLand:    "không còn đất cho nó trong các xã của nó · no land is left for it in its communes",
}
