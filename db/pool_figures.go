package db

import "time"

// PoolFigures is how busy the pool is.
type PoolFigures struct {
	Open         int           // connections open
	Busy         int           // of those, in use
	Most         int           // connections that may be open
	Waits        int64         // acquisitions that had to wait, since the start
	WaitDuration time.Duration // for how long, all together
}

// PoolFigures returns how busy the pool is now.
func (d *DB) PoolFigures() PoolFigures {
	s := d.pool.Stat()
	return PoolFigures{
		Open: int(s.TotalConns()), Busy: int(s.AcquiredConns()), Most: int(s.MaxConns()),
		Waits: s.EmptyAcquireCount(), WaitDuration: s.EmptyAcquireWaitTime(),
	}
}
