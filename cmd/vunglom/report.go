package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"unicode"

	"vunglom/bundle"
	"vunglom/db"
)

// shownOfEach is how many problems of one code are printed; the JSON report has them all.
const shownOfEach = 5

// writeReport prints what became of the rows, and the problems by code, rejected rows first.
func writeReport(w io.Writer, report *db.Report) error {
	writeCounts(w, report)
	if err := writeProblems(w, report); err != nil {
		return err
	}
	switch {
	case report.Failed == db.ErrOutcomeUnknown.Error():
		fmt.Fprintf(w, "\nKhông rõ đã nạp hay chưa: hãy nạp lại · Not known: %s\n", report.Failed)
	case report.Failed != "":
		fmt.Fprintf(w, "\nKhông nạp gì cả · Nothing was imported: %s\n", visible(report.Failed))
	case report.DryRun:
		fmt.Fprintln(w, "\nChạy thử, không giữ lại gì · A dry run: nothing was kept")
	default:
		fmt.Fprintf(w, "\nẢnh chụp · Snapshot %s\n", report.Snapshot)
	}
	return nil
}

// writeCounts prints, for each table that had rows, what became of them.
func writeCounts(w io.Writer, report *db.Report) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	vi, en := "\tđọc\tthêm\tsửa\tgiữ nguyên\tloại\t", "\tread\tinserted\tupdated\tunchanged\trejected\t"
	erased := slices.ContainsFunc(report.Tables, func(t db.TableCount) bool { return t.Erased > 0 })
	if erased {
		vi, en = vi+"của hộ đã xóa\t", en+"of erased\t"
	}
	fmt.Fprintln(table, vi)
	fmt.Fprintln(table, en)
	for _, t := range report.Tables {
		if t.Read+t.Erased == 0 {
			continue
		}
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%d\t", t.Name, t.Read, t.Inserted, t.Updated, t.Unchanged, t.Rejected)
		if erased {
			fmt.Fprintf(table, "%d\t", t.Erased)
		}
		fmt.Fprintln(table)
	}
	_ = table.Flush() // a closed pipe shows itself in the writes below, and matters to nobody
}

func writeProblems(w io.Writer, report *db.Report) error {
	type group struct {
		code  string
		kept  bool
		count int
		first []bundle.Problem
	}
	var groups []*group
	err := report.Each(func(p bundle.Problem) error {
		at := slices.IndexFunc(groups, func(g *group) bool { return g.code == p.Code && g.kept == p.Kept })
		if at < 0 {
			at = len(groups)
			groups = append(groups, &group{code: p.Code, kept: p.Kept})
		}
		g := groups[at]
		if g.count++; len(g.first) < shownOfEach {
			g.first = append(g.first, p)
		}
		return nil
	})
	slices.SortStableFunc(groups, func(a, b *group) int {
		switch {
		case a.kept == b.kept:
			return strings.Compare(a.code, b.code)
		case b.kept:
			return -1
		}
		return 1
	})
	for _, g := range groups {
		fate := "bị loại · rejected"
		if g.kept {
			fate = "được giữ · kept"
		}
		fmt.Fprintf(w, "\n%s: %d, %s\n", g.code, g.count, fate)
		for _, p := range g.first {
			fmt.Fprintf(w, "  %s\n", visible(place(p)+p.Message))
		}
		if more := g.count - len(g.first); more > 0 {
			fmt.Fprintf(w, "  … và %d nữa, xem --report · and %[1]d more, see --report\n", more)
		}
	}
	return err
}

// visible writes characters that steer a terminal, or turn the order of others, as \x1b: names of files and of columns come from
// whoever made a bundle.
func visible(text string) string {
	var shown strings.Builder
	for _, r := range text {
		if unicode.IsControl(r) && r != '\n' || unicode.Is(unicode.Bidi_Control, r) {
			fmt.Fprintf(&shown, `\x%02x`, r)
		} else {
			shown.WriteRune(r)
		}
	}
	return shown.String()
}

// place says where a problem stands, as editors and terminals link it: file:line.
func place(p bundle.Problem) string {
	var at strings.Builder
	at.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&at, ":%d", p.Line)
	}
	if p.Column != "" {
		at.WriteString(" " + p.Column)
	}
	if p.Value != "" && p.Value != p.File {
		fmt.Fprintf(&at, " %q", p.Value)
	}
	if at.Len() > 0 {
		at.WriteString(": ")
	}
	return at.String()
}
