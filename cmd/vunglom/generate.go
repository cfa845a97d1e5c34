package main

import (
	"context"
	"fmt"

	"vunglom/bundle/synthetic"
)

type generateCommand struct {
	Out      string  `arg:"" help:"Thư mục nhận gói. · The folder to write."`
	Seed     uint64  `env:"VUNGLOM_SEED" default:"1" placeholder:"N" help:"Mầm ngẫu nhiên: cùng mầm, cùng gói. · The same seed, the same bundle."`
	Scale    float64 `env:"VUNGLOM_SCALE" default:"1" placeholder:"X" help:"Cỡ so với tỉnh thật. · Size beside the real province's."`
	Units    string  `env:"VUNGLOM_UNITS" placeholder:"DIR" help:"Ranh giới thật thay cho ranh giới sinh ra. · Real polygons instead of generated ones."`
	Hide     bool    `name:"hide-hamlets" env:"VUNGLOM_HIDE_HAMLETS" help:"Không ghi ranh giới ấp, khóm. · Leave the hamlets' polygons out, for derive-hamlets."`
	Declare  float64 `env:"VUNGLOM_DECLARE" default:"0.6" placeholder:"SHARE" help:"Với --hide-hamlets: phần địa chỉ khai ấp, khóm. · With --hide-hamlets: the share of addresses that declare a hamlet."`
	Wrong    float64 `name:"misdeclare" env:"VUNGLOM_MISDECLARE" default:"0.02" placeholder:"SHARE" help:"Với --hide-hamlets: phần khai sai trong số ấy. · With --hide-hamlets: the share of these that declare a wrong one."`
	Compress bool    `env:"VUNGLOM_COMPRESS" help:"Nén các tệp. · Write .gz files."`
}

// Run writes the synthetic province.
func (c generateCommand) Run(ctx context.Context, to *streams) error {
	options := synthetic.Options{Seed: c.Seed, Scale: c.Scale, Units: c.Units, Out: c.Out, Compress: c.Compress}
	if c.Hide {
		options.Hide = &synthetic.Hidden{Declare: c.Declare, Misdeclare: c.Wrong}
	}
	if err := generate(ctx, options, to); err != nil {
		return err
	}
	fmt.Fprintf(to.err, "Gói đã có ở · The bundle is in %s\n", c.Out)
	return nil
}

// generate is the demo's too.
func generate(ctx context.Context, options synthetic.Options, to *streams) error {
	step, finish := newProgress(to.err)
	defer finish()
	options.Step = step
	return synthetic.Generate(ctx, options)
}
