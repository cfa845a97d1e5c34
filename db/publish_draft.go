package db

import (
	"context"
	"maps"
	"slices"

	"vunglom/disclosure"
)

// draft is what is to become of the month ends that are published.
type draft struct {
	publishing  *publishing
	setting     *publication
	rounder     *disclosure.Rounder
	before      map[day][]byte // what is published, and of what it was made; in the end what is to be taken back
	fresh, kept []publishedDay
}

// draft begins one: of the months before the first with anybody on the register too where households were erased, that are published.
func (p *publishing) draft(ctx context.Context, setting *publication) (*draft, error) {
	rounder, err := disclosure.NewRounder(setting.Base, setting.Secret)
	if err != nil {
		return nil, err
	}
	before, err := p.digests(ctx, "publish_day")
	if err != nil {
		return nil, err
	}
	if p.erased > 0 {
		for d := range before {
			if setting.First == nil || d < *setting.First {
				setting.First = &d
			}
		}
	}
	return &draft{publishing: p, setting: setting, rounder: rounder, before: before}, nil
}

// standing is the day before which what is published stands, because an import has changed no count of it.
func (p *publishing) standing(setting *publication) day {
	if p.since == 0 || setting.Due {
		return beginning
	}
	return p.since
}

// days are the month ends that are to be looked at: those before a day stand.
func (d *draft) days(standing day) []day {
	return slices.DeleteFunc(d.setting.days(), func(on day) bool {
		if d.before[on] == nil || on >= standing {
			return false
		}
		delete(d.before, on)
		return true
	})
}

// take publishes a month end, unless its counts are what they were. Where it was by erasing households, what is published of it
// stands: another draw without them would tell who looks at both which counts they were in.
func (d *draft) take(on day, counted *countedDay) error {
	digest := d.rounder.Sign(counted.bytes(d.setting.Base))
	known := d.before[on]
	if slices.Equal(known, digest) {
		delete(d.before, on)
		return nil
	}
	if d.publishing.erased > 0 && known != nil {
		d.kept = append(d.kept, publishedDay{day: on, digest: digest})
		return nil
	}
	rounded, err := counted.round(d.rounder)
	if err != nil {
		return err
	}
	d.fresh = append(d.fresh, publishedDay{on, digest, counted.units, rounded})
	d.before[on] = nil
	return nil
}

// end writes it down.
func (d *draft) end(ctx context.Context) error {
	p := d.publishing
	if p.erased > 0 {
		maps.DeleteFunc(d.before, func(_ day, known []byte) bool { return known != nil }) // nor is any taken back
		if err := p.keep(ctx, d.kept); err != nil {
			return err
		}
	}
	if err := p.write(ctx, d.setting.Base, d.before, d.fresh); err != nil {
		return err
	}
	_, err := p.tx.Exec(ctx, importQuery("publish_done"), p.arguments())
	return err
}
