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
	Compress bool    `env:"VUNGLOM_COMPRESS" help:"Nén các tệp. · Write .gz files."`
}

// Run writes the synthetic province.
func (c generateCommand) Run(ctx context.Context, to *streams) error {
	if err := generate(ctx, synthetic.Options{Seed: c.Seed, Scale: c.Scale, Units: c.Units, Out: c.Out, Compress: c.Compress}, to); err != nil {
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
