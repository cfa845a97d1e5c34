package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"vunglom/db"
)

type publishCommand struct {
	Base     int    `name:"base" placeholder:"K" help:"Công bố lại theo bội số khác: bội của số đang dùng, nhiều nhất 1000. · Publish anew by another base: a multiple of the one in use, 1000 at most."`
	Province string `name:"province" placeholder:"CODE" help:"Chỉ tỉnh này. · Only this province."`
}

// Run tells how the figures that everybody may see are rounded, or publishes them anew.
func (c publishCommand) Run(ctx context.Context, settings *Settings, to *streams) (err error) {
	st, err := settings.openStore(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.close(ctx)) }()
	before, err := st.Publications(ctx)
	if err != nil {
		return err
	}
	found := c.Province == ""
	for _, p := range before {
		if c.Province != "" && c.Province != p.Province {
			continue
		}
		found = true
		if c.Base == 0 {
			continue
		}
		if err := st.SetBase(ctx, p.Province, c.Base); err != nil {
			return err
		}
	}
	if !found {
		return fmt.Errorf("chưa nạp tỉnh mã %[1]q · no province with code %[1]q is loaded", c.Province)
	}
	after, err := st.Publications(ctx)
	for _, p := range after {
		if c.Province == "" || c.Province == p.Province {
			fmt.Fprintln(to.out, publicationLine(p))
		}
	}
	return err
}

func publicationLine(p db.Publication) string {
	if p.First == nil {
		return fmt.Sprintf("%s: bội số %d, chưa có gì để công bố · base %[2]d, nothing to publish", p.Province, p.Base)
	}
	return fmt.Sprintf("%s: bội số %d, cuối các tháng từ %s đến %s · base %[2]d, month ends from %[3]s to %[4]s",
		p.Province, p.Base, p.First.Format(time.DateOnly), p.Last.Format(time.DateOnly))
}
