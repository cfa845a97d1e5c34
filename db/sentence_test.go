package db

import (
	"testing"
	"time"
)

func TestNumber(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		value    float64
		decimals int
		vi, en   string
	}{
		{0, 0, "0", "0"}, {999, 0, "999", "999"}, {1000, 0, "1.000", "1,000"}, {1234.5, 1, "1.234,5", "1,234.5"},
		{318821, 0, "318.821", "318,821"}, {1234567.25, 2, "1.234.567,25", "1,234,567.25"}, {70, 1, "70", "70"},
		{-1234.04, 1, "-1.234", "-1,234"}, {0.05, 2, "0,05", "0.05"},
	} {
		if got := number(c.value, c.decimals); got != (words{c.vi, c.en}) {
			t.Errorf("%v with %d decimals is %v", c.value, c.decimals, got)
		}
	}
}

func TestComparedAreToldApart(t *testing.T) {
	t.Parallel()
	if value, threshold := compared(69.996, 70, 1); value.vi != "69,996" || threshold.en != "70" {
		t.Errorf("%v, %v", value, threshold)
	}
	if value, threshold := compared(70, 70, 1); value != threshold {
		t.Errorf("%v, %v", value, threshold)
	}
}

func TestMonthsSince(t *testing.T) {
	t.Parallel()
	date := func(text string) time.Time {
		day, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return day
	}
	for _, c := range []struct {
		from, to string
		months   int
	}{
		{"2024-01-31", "2024-02-29", 0}, {"2024-01-31", "2024-03-30", 1}, {"2024-01-29", "2024-02-29", 1}, {"2024-02-29", "2024-03-31", 1},
		{"2023-09-30", "2024-09-30", 12}, {"2023-10-01", "2024-09-30", 11}, {"2024-09-30", "2024-09-30", 0}, {"2024-02-29", "2025-02-28", 11},
	} {
		if got := monthsSince(date(c.from), date(c.to)); got != c.months {
			t.Errorf("from %s to %s it is %d months, want %d", c.from, c.to, got, c.months)
		}
	}
}
