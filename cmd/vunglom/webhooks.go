package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"vunglom/db"
)

type webhooksCommand struct {
	Resume string `name:"resume" xor:"do" placeholder:"CLIENT" help:"Báo lại ngay cho hệ thống đã thôi được báo. · Tell a system again, at once, that is told no more."`
	Forget string `name:"forget" xor:"do" placeholder:"CLIENT" help:"Quên hệ thống không còn trong thiết lập. · Forget a system that is not in the settings any more."`
}

// Run lists the systems that are told of changes and what has become of each.
func (c webhooksCommand) Run(ctx context.Context, settings *Settings, to *streams) (err error) {
	st, err := settings.openStore(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.close(ctx)) }()
	change, consumer := st.ResumeWebhook, c.Resume
	if c.Forget != "" {
		change, consumer = st.ForgetWebhook, c.Forget
	}
	if consumer != "" {
		found, err := change(ctx, consumer)
		if err == nil && !found {
			err = fmt.Errorf("không có hệ thống %[1]q nào được báo; hãy xem: vunglom webhooks · no system %[1]q is told of changes; see: vunglom webhooks", consumer)
		}
		if err != nil {
			return err
		}
	}
	states, err := st.WebhookStates(ctx)
	if err != nil {
		return err
	}
	return listWebhooks(to.out, states)
}

// listWebhooks writes a line for each system.
func listWebhooks(to io.Writer, states []db.WebhookState) error {
	lines := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprintln(lines, "HỆ THỐNG · CLIENT\tTRẠNG THÁI · STATE\tĐÃ NHẬN · TAKEN\tHỎNG · FAILED\tNHẬN LÚC · LAST TAKEN\tVÌ SAO · WHY")
	for _, s := range states {
		fmt.Fprintf(lines, "%s\t%s\t%d\t%d\t%s\t%s\n", s.Consumer, s.Standing(), s.Delivered, s.Failed, moment(s.ToldAt), s.Failure)
	}
	return lines.Flush()
}

// moment is a time for a person, in Vietnam; "-": none.
func moment(at *time.Time) string {
	if at == nil {
		return "-"
	}
	return at.In(db.Vietnam).Format("2006-01-02 15:04:05")
}
