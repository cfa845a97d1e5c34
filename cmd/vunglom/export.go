package main

import (
	"context"
	"errors"
	"fmt"
)

type exportCommand struct {
	Out      string `arg:"" help:"Thư mục nhận gói. · The folder to write."`
	Province string `required:"" env:"VUNGLOM_PROVINCE" placeholder:"CODE" help:"Mã tỉnh. · The province's code, such as 96."`
}

// Run writes a province's stored data as a bundle.
func (c exportCommand) Run(ctx context.Context, settings *Settings, to *streams) (err error) {
	st, err := settings.openStore(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.close(ctx)) }()
	step, finish := newProgress(to.err)
	err = st.Export(ctx, c.Province, c.Out, step)
	finish()
	if err != nil {
		return err
	}
	fmt.Fprintf(to.err, "Gói đã có ở · The bundle is in %s\n", c.Out)
	return nil
}
