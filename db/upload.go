package db

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"

	"github.com/jackc/pgx/v5"

	"vunglom/access"
	"vunglom/bundle"
)

// MostUploads is how many bundles may be on their way, wait and be imported at once: each has a file on the disk.
const MostUploads = 8

// Upload is a file that a bundle is received in. It has no name, so that nothing is left of it whatever happens to the program.
type Upload struct {
	file  *os.File
	of    *jobs
	bytes int64
	sent  bool
	close sync.Once
}

// NewUpload makes room for a bundle. Errors: TOO_COSTLY where others fill it.
func (d *DB) NewUpload() (*Upload, error) {
	select {
	case d.jobs.places <- struct{}{}:
	default:
		return nil, say(CodeTooCostly, "đã có %[1]d gói đang gửi hoặc đang chờ nạp: hãy gửi lại khi importJobs cho biết chúng đã xong",
			"%[1]d bundles are being sent or wait already: send again when importJobs says that they are done", []any{MostUploads})
	}
	u := &Upload{of: d.jobs}
	var err error
	if u.file, err = os.CreateTemp("", "vunglom-upload-*"); err == nil {
		err = os.Remove(u.file.Name())
	}
	if err != nil {
		u.Close()
		return nil, fmt.Errorf("upload: %w", err)
	}
	return u, nil
}

// Write adds to the file.
func (u *Upload) Write(p []byte) (int, error) {
	n, err := u.file.Write(p)
	u.bytes += int64(n)
	return n, err
}

// Close gives the file up, unless a job has it.
func (u *Upload) Close() {
	if !u.sent {
		u.release()
	}
}

func (u *Upload) release() {
	u.close.Do(func() {
		if u.file != nil {
			_ = u.file.Close() // it may be the bundle's, and closed
		}
		<-u.of.places
	})
}

// SendOptions says how a bundle that is sent is taken, as ImportOptions does.
type SendOptions struct{ DryRun, Strict bool }

// SendBundle has a bundle imported once those before it are, and answers the job at once. The province that its bundle.json names has to
// be one of the caller's; no more of it is read before. Errors: BAD_INPUT where it is no bundle, FORBIDDEN.
func (d *DB) SendBundle(ctx context.Context, u *Upload, o SendOptions) (*Job, error) {
	const entry = "importBundle"
	caller := d.asks(ctx)
	if err := caller.Refuse(access.Import, entry); err != nil {
		return nil, err
	}
	if u.sent {
		return nil, badInput("một tệp chỉ gửi được cho một importBundle", "a file can be sent to one importBundle only")
	}
	b, err := bundle.OpenZip("upload", u.file)
	var broken *bundle.FileError
	if errors.As(err, &broken) {
		return nil, badInput("tệp gửi lên không phải một gói đọc được: %[1]s", "what was sent is no bundle that can be read: %[1]s", broken.Error())
	}
	if err != nil {
		return nil, err
	}
	j := &job{db: d, caller: caller, bundle: b, upload: u, options: ImportOptions{DryRun: o.DryRun, Strict: o.Strict}}
	province := b.Meta.Province
	if everywhere, units := caller.Scope(access.Import); !everywhere && !slices.Contains(units, access.Unit{Level: string(LevelProvince), Code: province}) {
		return nil, errors.Join(caller.RefuseScope(access.Import, entry+": "+province), b.Close())
	}
	if err := d.jobs.live(ctx); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	if j.id, err = d.addJob(ctx, province, u.bytes, o); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	u.sent = true
	d.jobs.push(j)
	return d.JobByID(ctx, j.id)
}

// addJob writes the job down, under the role of who may import in the province.
func (d *DB) addJob(ctx context.Context, province string, bytes int64, o SendOptions) (id int64, err error) {
	role, scope, err := d.roleOf(ctx, access.Import, nil)
	if err != nil {
		return 0, err
	}
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, actAs.sql, role, scope); err != nil {
			return err
		}
		args := pgx.StrictNamedArgs{"province": province, "program": d.jobs.program, "bytes": bytes, "dry_run": o.DryRun, "strict": o.Strict}
		if err := tx.QueryRow(ctx, importJobAdd.sql, args).Scan(&id); err != nil {
			return err
		}
		return d.enterJob(ctx, tx, "importBundle", id, province, nil)
	})
	return id, refused(err)
}
