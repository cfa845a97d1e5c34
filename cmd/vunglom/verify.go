package main

import (
	"context"
	"errors"
	"fmt"
)

type verifyCommand struct{}

// Run checks every rule over what is stored; a breach makes the exit code 1.
func (verifyCommand) Run(ctx context.Context, settings *Settings, to *streams) (err error) {
	st, err := settings.openStore(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.close(ctx)) }()
	step, finish := newProgress(to.err)
	breaches, err := st.Verify(ctx, step)
	finish()
	if err != nil {
		return err
	}
	for _, breach := range breaches {
		fmt.Fprintf(to.out, "%s %s: %s\n  %s\n", breach.Province, breach.Rule, breach.Detail, breach.Says)
	}
	if len(breaches) > 0 {
		fmt.Fprintf(to.err, "%d chỗ sai quy tắc · breaches\n", len(breaches))
		return exitCode(exitFailure)
	}
	fmt.Fprintln(to.out, "Mọi quy tắc đều đúng. · Every rule holds.")
	return nil
}
