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
	Province string `name:"province" placeholder:"CODE" help:"Chỉ tỉnh này; với --base có thể chưa nạp. · Only this province; with --base it need not be loaded yet."`
}

// Run tells how the figures that everybody may see are rounded, or publishes them anew.
func (c publishCommand) Run(ctx context.Context, settings *Settings, to *streams) (err error) {
	st, err := settings.openStore(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.close(ctx)) }()
	if c.Base != 0 {
		if err := c.set(ctx, st); err != nil {
			return err
		}
	}
	published, err := st.Publications(ctx)
	if err != nil {
		return err
	}
	found := c.Province == ""
	for _, p := range published {
		if c.Province == "" || c.Province == p.Province {
			found = true
			fmt.Fprintln(to.out, publicationLine(p))
		}
	}
	if !found {
		return fmt.Errorf("chưa nạp tỉnh mã %[1]q, chưa đặt bội số · no province with code %[1]q is loaded, nor a base set for it", c.Province)
	}
	return nil
}

// set sets the base: of the province named, which need not be loaded yet, else of all that are known.
func (c publishCommand) set(ctx context.Context, st *store) error {
	if c.Province != "" {
		return st.SetBase(ctx, c.Province, c.Base)
	}
	known, err := st.Publications(ctx)
	if err == nil && len(known) == 0 {
		err = errors.New("chưa nạp tỉnh nào: hãy nói bội số là của tỉnh nào, --province 96 · no province is loaded: say of which the base is, --province 96")
	}
	for _, p := range known {
		if err == nil {
			err = st.SetBase(ctx, p.Province, c.Base)
		}
	}
	return err
}

func publicationLine(p db.Publication) string {
	if p.First == nil {
		return fmt.Sprintf("%s: bội số %d, chưa có gì để công bố · base %[2]d, nothing to publish yet", p.Province, p.Base)
	}
	return fmt.Sprintf("%s: bội số %d, cuối các tháng từ %s đến %s · base %[2]d, month ends from %[3]s to %[4]s",
		p.Province, p.Base, p.First.Format(time.DateOnly), p.Last.Format(time.DateOnly))
}
